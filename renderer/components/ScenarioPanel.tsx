/** Scenarios: whole stories with an expected end, one click each. */
import { type KeyboardEvent, useState } from 'react';
import { canRun, runScenario } from '../commands/engine-commands.ts';
import { useObservable, usePage } from './context.ts';
import { Icon } from './Icon.tsx';
import { rovingTarget } from './roving.ts';

/** 6, 30 and 60 are where p50, p90 and p95 may first be shown. */
const REPEATS: readonly number[] = [1, 6, 30, 60];

export function ScenarioPanel() {
  const page = usePage();
  const scenarios = useObservable(page.store.scenarios);
  useObservable(page.store.status);
  useObservable(page.store.view);
  useObservable(page.store.connection);
  const [repeat, setRepeat] = useState(1);
  const [focused, setFocused] = useState(0);
  const run = page.store.benchInfo()?.run;
  const ready = canRun(page);
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    const next = rovingTarget(event.key, focused, scenarios.length);
    if (next === undefined) return;
    event.preventDefault();
    setFocused(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <section className="panel" aria-label="Scenarios">
      <div className="panel-head">
        <h2>Scenarios</h2>
        <label
          className="inline-field"
          title="How often in a row. Percentiles need repeats: p50 from 6, p90 from 30, p95 from 60."
        >
          <span>Repeat</span>
          <select value={repeat} onChange={(event) => setRepeat(Number(event.target.value))}>
            {REPEATS.map((times) => (
              <option key={times} value={times}>
                {times}×
              </option>
            ))}
          </select>
        </label>
      </div>
      {scenarios.length === 0 ? (
        <p className="empty">The engine has told of no scenarios yet.</p>
      ) : (
        <ul className="rows" onKeyDown={onKeyDown}>
          {scenarios.map((scenario, index) => {
            const running = run?.scenario === scenario.name || run?.scenario === scenario.id;
            return (
              <li key={scenario.id}>
                <button
                  type="button"
                  className={running ? 'row-button running' : 'row-button'}
                  tabIndex={index === focused ? 0 : -1}
                  disabled={!ready && !running}
                  aria-disabled={!ready}
                  onFocus={() => setFocused(index)}
                  onClick={() => ready && void runScenario(page, scenario.name, repeat)}
                  title={`${scenario.description}\n${scenario.id} ${scenario.name}, about ${Math.round(scenario.seconds)} s${scenario.callKit ? ', with CallKit' : ''}`}
                >
                  {running ? <span className="spinner" aria-hidden="true" /> : <Icon name="play" />}
                  <span className="row-title">{scenario.title}</span>
                  {scenario.seconds >= 1 && <span className="quiet tabular">{Math.round(scenario.seconds)} s</span>}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
