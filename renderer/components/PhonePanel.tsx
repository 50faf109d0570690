/** How the simulated phone is set up. Changing it starts a new call on a phone so configured. */
import { useObservable, usePage } from './context.ts';
import { Term } from './Term.tsx';

export function PhonePanel() {
  const page = usePage();
  const status = useObservable(page.store.status);
  const view = useObservable(page.store.view);
  const connection = useObservable(page.store.connection);
  const bench = page.store.benchInfo();
  if (bench === undefined) {
    return (
      <section className="panel" aria-label="Phone">
        <h2>Phone</h2>
        <p className="empty">
          {status === undefined
            ? 'Waiting for the engine…'
            : 'No phone is here. Start Sidetone without --no-simulation to have a simulated one.'}
        </p>
      </section>
    );
  }
  const locked = connection.kind !== 'open' || view.kind !== 'live' || bench.run !== undefined;
  const configure = (change: { policy?: string; os?: string; callKit?: boolean }): void => {
    void page.session.ask('bench.configure', { benchId: bench.benchId, ...change });
  };
  const benches = status?.benches ?? [];
  return (
    <section className="panel" aria-label="Phone">
      <h2>Phone</h2>
      {benches.length > 1 && (
        <label className="field">
          <span>Bench</span>
          <select value={bench.benchId} onChange={(event) => page.store.chosenBench.set(event.target.value)}>
            {benches.map((one) => (
              <option key={one.benchId} value={one.benchId}>
                {one.title}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        <Term name="policy">App policy</Term>
        <select value={bench.policy} disabled={locked} onChange={(event) => configure({ policy: event.target.value })}>
          {bench.policies.map((policy) => (
            <option key={policy.name} value={policy.name}>
              {policy.title}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>iOS</span>
        <select value={bench.os} disabled={locked} onChange={(event) => configure({ os: event.target.value })}>
          {bench.osVersions.map((os) => (
            <option key={os} value={os}>
              iOS {os}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <Term name="callkit">CallKit</Term>
        <input
          type="checkbox"
          role="switch"
          className="switch"
          aria-checked={bench.callKit}
          checked={bench.callKit}
          disabled={locked}
          onChange={(event) => configure({ callKit: event.target.checked })}
        />
      </label>
    </section>
  );
}
