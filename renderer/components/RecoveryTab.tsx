/** Recovery latency over repeats: every observation as a dot, their distribution, and percentiles that n allows. */
import { lazy, Suspense, useMemo, useState } from 'react';
import { groupIncidents } from '../../shared/recovery/statistics.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { FIDELITY_WORDS } from '../words/recovery.ts';
import { usePanels } from './context.ts';
import { figuresOf, type PercentileFigure, titleOf } from './recovery-groups.ts';
import { Term } from './Term.tsx';

// recharts is half of the page's script: it is loaded when this tab is first opened.
const RecoveryCharts = lazy(() =>
  import('./RecoveryCharts.tsx').then((module) => ({ default: module.RecoveryCharts })),
);

export function RecoveryTab() {
  const { store } = usePanels();
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const incidents = store.model()?.incidents();
  const groups = useMemo(() => groupIncidents(incidents ?? []), [incidents]);
  // Unless one was chosen: the group of the newest incident, which is what was just run.
  const group = groups.find((one) => one.key === chosen) ?? groups.at(-1);
  const figures = group === undefined ? undefined : figuresOf(group);
  if (group === undefined || figures === undefined) {
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
  const { summary } = figures;
  const others = [
    [summary.never, 'never recovered', 'bad'],
    [summary.byUser.length, 'only by the user', 'warning'],
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
                {titleOf(one)} ({one.incidents.length})
              </option>
            ))}
          </select>
        </label>
        <p className="quiet">
          <Term name="fidelity">{FIDELITY_WORDS[group.fidelity]}</Term>, pooled with nothing else.
        </p>
        <dl className="percentiles" aria-label="Percentiles">
          {figures.percentiles.map((figure) => (
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
            <dt>n recovered</dt>
            <dd className="tabular">
              {summary.values.length} <span className="quiet">of {summary.n}</span>
            </dd>
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
        <RecoveryCharts dots={figures.dots} steps={figures.steps} percentiles={figures.percentiles} />
      </Suspense>
    </div>
  );
}

function PercentileValue({ figure }: { readonly figure: PercentileFigure }) {
  if (figure.micros === undefined) return <span className="quiet">needs {figure.needs}</span>;
  return (
    <>
      <strong>{formatDuration(figure.micros)}</strong>
      {figure.interval && (
        <span className="percentile-interval quiet" title="95 % interval, by resampling">
          {formatDuration(figure.interval.low)} to {formatDuration(figure.interval.high)}
        </span>
      )}
    </>
  );
}
