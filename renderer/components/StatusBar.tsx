/** The line at the bottom: is everything that happened really here? Nothing is dropped in silence. */
import { formatCount } from '../words/format.ts';
import { useObservable, usePanels } from './context.ts';

export function StatusBar() {
  const { store } = usePanels();
  const connection = useObservable(store.connection);
  const status = useObservable(store.status);
  const dropped = useObservable(store.samplesDropped);
  const missing = useObservable(store.eventsMissing);
  const bench = store.benchInfo();
  const refused = status?.refusedFrames ?? 0;
  const deviceDropped = bench?.devices.reduce((sum, device) => sum + device.samplesDropped, 0) ?? 0;
  const events = store.model()?.log;
  const count = (events?.entries.length ?? 0) + (events?.forgottenCount ?? 0);
  return (
    <footer className="status-bar">
      <span className={connection.kind === 'open' ? 'dot good' : 'dot bad'} aria-hidden="true" />
      <span role="status" aria-label="Connection">
        {connection.kind === 'open' ? 'Connected' : 'Not connected'}
      </span>
      <span className="tabular">{formatCount(count)} events</span>
      {/* Without the engine nothing is known of its devices. */}
      {(connection.kind === 'open' ? bench?.devices : undefined)?.map((device) => (
        <span
          key={device.deviceId}
          className="wide-only"
          title={`${device.title}: ${formatCount(device.eventsReceived)} events, ${device.badFrames} refused frames`}
        >
          <span className={device.link === 'connected' ? 'dot good' : 'dot bad'} aria-hidden="true" /> {device.title}
          {device.link === 'connected' ? '' : ` (${device.link})`}
        </span>
      ))}
      <span className="spacer" />
      {missing > 0 && (
        <span
          className="tabular alarming"
          title="They happened before what the engine keeps in memory; the recording has them."
        >
          {formatCount(missing)} earlier events not shown
        </span>
      )}
      <span
        className={refused > 0 ? 'tabular alarming' : 'tabular quiet'}
        title="Frames that were malformed, too large or unknown, and were refused"
      >
        {formatCount(refused)} refused frames
      </span>
      <span
        className={dropped + deviceDropped > 0 ? 'tabular alarming' : 'tabular quiet'}
        title="Level and statistics samples left out because something was slow. Events are never dropped."
      >
        {formatCount(dropped + deviceDropped)} dropped samples
      </span>
      {status !== undefined && (
        <span className="quiet wide-only data-folder" title={`Recordings are kept in ${status.dataFolder}`}>
          <bdi>{status.dataFolder}</bdi>
        </span>
      )}
      {status !== undefined && <span className="quiet">Sidetone {status.version}</span>}
    </footer>
  );
}
