/** Recordings: opened read-only through the same page; deleted only after a question. */
import { formatBytes, formatDay } from '../words/format.ts';
import { useObservable, usePage } from './context.ts';
import { Icon } from './Icon.tsx';

export function RecordingsPanel() {
  const page = usePage();
  const status = useObservable(page.store.status);
  const view = useObservable(page.store.view);
  const recordings = status?.recordings ?? [];
  const shown = view.kind === 'recording' ? view.recording.recordingId : undefined;
  return (
    <section className="panel" aria-label="Recordings">
      <h2>Recordings</h2>
      {recordings.length === 0 ? (
        <p className="empty">None yet. Record writes everything the phone reports to a file you can open here again.</p>
      ) : (
        <ul className="rows">
          {recordings.map((recording) => (
            <li key={recording.recordingId} className="recording-row">
              <button
                type="button"
                className={recording.recordingId === shown ? 'row-button chosen' : 'row-button'}
                aria-current={recording.recordingId === shown}
                onClick={() => void page.session.watchRecording(recording.recordingId)}
                title={`Open ${recording.title}, read only`}
              >
                <Icon name="open" />
                <span className="row-title">
                  {recording.title}
                  <span className="row-detail tabular">
                    {recording.bundled ? 'Sample' : formatDay(recording.startedAt)} · {formatBytes(recording.bytes)}
                    {recording.open ? ' · being written' : recording.complete ? '' : ' · ends early'}
                  </span>
                </span>
              </button>
              {!recording.bundled && !recording.open && (
                <button
                  type="button"
                  className="icon-button small"
                  aria-label={`Delete ${recording.title}, ${formatDay(recording.startedAt)}`}
                  title="Delete…"
                  onClick={() => page.ui.deleting.set(recording.recordingId)}
                >
                  <Icon name="trash" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
