import { formatBytes } from '../words/format.ts';
import { useObservable, usePage } from './context.ts';
import { Dialog } from './Dialog.tsx';

/** Asks before a recording is deleted. */
export function DeleteDialog({ recordingId }: { readonly recordingId: string }) {
  const page = usePage();
  const recording = useObservable(page.store.status)?.recordings.find((one) => one.recordingId === recordingId);
  const view = useObservable(page.store.view);
  const close = (): void => page.ui.deleting.set(undefined);
  const remove = async (): Promise<void> => {
    close();
    if (view.kind === 'recording' && view.recording.recordingId === recordingId) await page.session.watchLive();
    const answer = await page.session.ask('recording.delete', { recordingId });
    if (answer.ok) page.store.say('done', `Deleted ${recording?.title ?? 'the recording'}.`);
  };
  return (
    <Dialog label="Delete recording" className="alert" onClose={close}>
      <h2>Delete “{recording?.title ?? recordingId}”?</h2>
      <p className="quiet">{recording ? formatBytes(recording.bytes) : ''} on disk. This cannot be undone.</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button destructive" onClick={() => void remove()}>
          Delete
        </button>
      </div>
    </Dialog>
  );
}
