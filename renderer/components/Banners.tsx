/** What stands between the user and a true picture, said on top of it, with the way out beside it. */
import type { RecordingInfo } from '../../shared/contract/contract.ts';
import { runCommand } from '../commands/run.ts';
import { formatDay } from '../words/format.ts';
import { useObservable, usePage } from './context.ts';
import { Icon } from './Icon.tsx';
import { Key } from './Key.tsx';
import { useNow } from './use-now.ts';

export function Banners() {
  const page = usePage();
  const status = useObservable(page.store.status);
  return (
    <div className="banners">
      <ConnectionBanner />
      <DeviceBanner />
      {status?.recording.state === 'failed' && (
        <div className="banner bad" role="alert">
          <Icon name="warning" />
          <p>
            <strong>Recording stopped.</strong> {status.recording.problem ?? 'The recording could not be written.'} What
            came before is kept; the live view goes on.
          </p>
          <button type="button" className="button" onClick={() => runCommand(page, 'recording.start')}>
            Record again
          </button>
        </div>
      )}
      <RecordingBanner />
      <RunBanner />
    </div>
  );
}

function ConnectionBanner() {
  const page = usePage();
  const connection = useObservable(page.store.connection);
  const known = useObservable(page.store.status) !== undefined;
  const now = useNow(connection.kind === 'waiting' ? 500 : undefined);
  if (connection.kind === 'open' || (connection.kind === 'connecting' && connection.attempt <= 1)) return undefined;
  if (connection.kind === 'refused') {
    return (
      <div className="banner bad" role="alert">
        <Icon name="lock" />
        <p>
          <strong>{known ? 'Sidetone was started again and does not know this page.' : 'Not signed in.'}</strong>{' '}
          {connection.reason}
        </p>
        <button type="button" className="button" onClick={() => page.session.tryNow()}>
          Try again
        </button>
      </div>
    );
  }
  const seconds = connection.kind === 'waiting' ? Math.max(0, Math.ceil((connection.retryAt - now) / 1000)) : 0;
  // One alert for as long as it lasts: the countdown is for the eye alone, a screen reader would read every second of it.
  return (
    <div className="banner warning" role="alert">
      <Icon name="warning" />
      <p>
        <strong>No connection to the engine.</strong> What is recorded is not lost. If Sidetone was stopped, start it
        and open the address it prints.{' '}
        <span className="tabular" aria-hidden="true">
          {seconds === 0 ? 'Trying now…' : `Trying again in ${seconds} s.`}
        </span>
      </p>
      <button type="button" className="button" onClick={() => page.session.tryNow()}>
        Try now
      </button>
    </div>
  );
}

function DeviceBanner() {
  const page = usePage();
  const status = useObservable(page.store.status);
  const connection = useObservable(page.store.connection);
  const bench = page.store.benchInfo();
  // Without the engine nothing is known of its devices.
  if (connection.kind !== 'open' || status === undefined || bench === undefined || bench.state === 'starting')
    return undefined;
  const gone = bench.devices.filter((device) => device.link !== 'connected');
  if (bench.state !== 'broken' && (gone.length === 0 || bench.state === 'paused')) return undefined;
  const words =
    bench.problem ??
    (gone.length > 0
      ? `${gone.map((device) => device.title).join(' and ')}: ${gone.length > 1 ? 'links' : 'link'} lost.`
      : 'It does not answer.');
  return (
    <div className="banner bad" role="alert" data-testid="device-banner">
      <Icon name="phone" />
      <p>
        <strong>{bench.state === 'broken' ? `${bench.title} has stopped.` : 'A device went away.'}</strong> {words}
      </p>
      <button type="button" className="button strong" onClick={() => runCommand(page, 'phone.restart')}>
        Restart
      </button>
    </div>
  );
}

function RecordingBanner() {
  const page = usePage();
  const view = useObservable(page.store.view);
  if (view.kind !== 'recording') return undefined;
  return (
    <div className="banner info" role="status">
      <Icon name="lock" />
      <p>
        <strong>{view.recording.title}</strong>, recorded {formatDay(view.recording.startedAt)}. Read only
        {endWords(view.recording)}.{view.complete ? '' : ' Still loading…'}
      </p>
      <button type="button" className="button strong" onClick={() => runCommand(page, 'view.live')}>
        Back to live
      </button>
    </div>
  );
}

const endWords = (recording: RecordingInfo): string =>
  recording.open
    ? '; it is still being written, and this is what there was when it was opened'
    : recording.complete
      ? ''
      : '; it ends early, and everything that was written is here';

function RunBanner() {
  const page = usePage();
  useObservable(page.store.status);
  const run = page.store.benchInfo()?.run;
  if (run === undefined) return undefined;
  return (
    <div className="banner run" role="status" aria-label="Running scenario">
      <span className="spinner" aria-hidden="true" />
      <p>
        <strong>{run.title}</strong>
        {run.of > 1 && (
          <span className="tabular">
            {' '}
            · {run.repetition} of {run.of}
          </span>
        )}
        <span className="quiet"> · {run.step}</span>
      </p>
      {run.of > 1 && <progress value={run.repetition - 1} max={run.of} aria-label="Repetitions done" />}
      <button type="button" className="button stop" onClick={() => runCommand(page, 'run.stop')}>
        <Icon name="stop" /> Stop <Key keys="Mod+." />
      </button>
    </div>
  );
}
