/** Single injections, grouped: one thing happens to the phone, and the user sees what comes of it. */
import { canInject } from '../commands/engine-commands.ts';
import { groupAbilities, presetsOf } from '../commands/injections.ts';
import { runCommand } from '../commands/run.ts';
import { useObservable, usePage } from './context.ts';

export function InjectPanel() {
  const page = usePage();
  useObservable(page.store.status);
  useObservable(page.store.view);
  useObservable(page.store.connection);
  const groups = groupAbilities(page.store.benchInfo()?.abilities ?? []);
  const ready = canInject(page);
  if (groups.length === 0) return undefined;
  return (
    <section className="panel" aria-label="Inject">
      <h2>Inject</h2>
      {groups.map((group) => (
        <details key={group.title} className="inject-group">
          <summary>{group.title}</summary>
          <div className="inject-buttons">
            {group.abilities.flatMap((ability) =>
              presetsOf(ability).map((preset) => (
                <button
                  key={preset.id}
                  type="button"
                  className="small-button"
                  disabled={!ready}
                  title={`${ability.does} · ${ability.fidelity}`}
                  onClick={() => runCommand(page, `inject.${preset.id}`)}
                >
                  {preset.title}
                </button>
              )),
            )}
          </div>
        </details>
      ))}
    </section>
  );
}
