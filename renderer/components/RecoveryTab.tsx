/** Recovery latency over repeats: every observation as a dot, their distribution, and percentiles that n allows. */
import { lazy, Suspense, useState } from 'react';
import { formatDuration } from '../../shared/time/duration.ts';
import { micros } from '../../shared/time/time.ts';
import { FIDELITY_WORDS } from '../words/recovery.ts';
import { usePanels } from './context.ts';
import { groupsOf, type PercentileFigure, percentilesOf, summaryOf } from './recovery-groups.ts';
import { Term } from './Term.tsx';

// recharts is half of the page's script: it is loaded when this tab is first opened.
const RecoveryCharts = lazy(() =>
  import('./RecoveryCharts.tsx').then((module) => ({ default: module.RecoveryCharts })),
);

export function RecoveryTab() {
  const { store } = usePanels();
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const groups = groupsOf(store.model()?.incidents() ?? []);
  const group = groups.find((one) => one.key === chosen) ?? groups[0];
  if (group === undefined) {
    return (
      <div className="empty-state">
        <p>
          <strong>No recovery to chart yet.</strong>
        </p>
        <p className="quiet">
          Set Repeat in the sidebar and run a scenario. A median needs 6 observations, p90 needs 30, p95 needs 60: fewer
          would be a guess.
        </p>
      </div>
    );
  }
  const summary = summaryOf(group.incidents);
  const others = [
    [summary.never, 'never recovered', 'bad'],
    [summary.held, 'held', 'warning'],
    [summary.byUser, 'only by the user', 'warning'],
    [summary.unfinished, 'unfinished', 'unknown'],
    [summary.notAffected, 'not affected', 'neutral'],
  ] as const;
  return (
    <div className="recovery">
      <div className="recovery-side">
        <label className="field">
          <span>Incidents of</span>
          <select value={group.key} onChange={(event) => setChosen(event.target.value)}>
            {groups.map((one) => (
              <option key={one.key} value={one.key}>
                {one.title} ({one.incidents.length})
              </option>
            ))}
          </select>
        </label>
        <p className="quiet">{FIDELITY_WORDS[group.fidelity]}: never pooled with another.</p>
        <dl className="percentiles" aria-label="Percentiles">
          {percentilesOf(summary).map((figure) => (
            <div key={figure.percent}>
              <dt>
                <Term name="percentile">p{figure.percent}</Term>
              </dt>
              <dd className="tabular">
                <PercentileValue figure={figure} />
              </dd>
            </div>
          ))}
          <div>
            <dt>n</dt>
            <dd className="tabular">{summary.n}</dd>
          </div>
        </dl>
        <ul className="tally">
          {others
            .filter(([count]) => count > 0)
            .map(([count, words, tone]) => (
              <li key={words} className={`tone-${tone}`}>
                <strong className="tabular">{count}</strong> {words}
              </li>
            ))}
        </ul>
      </div>
      <Suspense fallback={<p className="quiet">Drawing…</p>}>
        <RecoveryCharts summary={summary} />
      </Suspense>
    </div>
  );
}

function PercentileValue({ figure }: { readonly figure: PercentileFigure }) {
  if (figure.milliseconds === undefined) return <span className="quiet">needs {figure.needs}</span>;
  if (!Number.isFinite(figure.milliseconds)) return <span className="tone-bad">never</span>;
  return <strong>{formatDuration(micros(figure.milliseconds * 1000))}</strong>;
}
