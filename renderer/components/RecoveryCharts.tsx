/** recharts: a dot for each incident, and the share recovered over time. */
import { memo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatDuration } from '../../shared/time/duration.ts';
import { micros } from '../../shared/time/time.ts';
import type { Dot, PercentileFigure } from './recovery-groups.ts';
import { Term } from './Term.tsx';

/** recharts draws one SVG element a dot: beyond this many the newest stand for all, and it is said. */
const MAX_DOTS = 500;
const MARGIN = { top: 8, right: 36, bottom: 4, left: 0 };
const AXIS = { stroke: 'var(--dim)', fontSize: 11, tickLine: false } as const;

const TOOLTIP = {
  isAnimationActive: false,
  contentStyle: { background: 'var(--raised)', border: '1px solid var(--hairline)', borderRadius: 6, fontSize: 12 },
} as const;

const words = (value: number): string => formatDuration(micros(value));

/** Drawn anew only when the figures are others: panels around it are drawn ten times a second. */
export const RecoveryCharts = memo(Charts);

function Charts({
  dots: all,
  steps,
  percentiles,
}: {
  readonly dots: readonly Dot[];
  readonly steps: readonly { readonly micros: number; readonly share: number }[];
  readonly percentiles: readonly PercentileFigure[];
}) {
  const dots = all.slice(-MAX_DOTS);
  const marks = percentiles.filter((figure) => figure.micros !== undefined);
  if (dots.length === 0) {
    return (
      <p className="empty">
        None of these incidents recovered by itself: there is no time to chart, only the words beside.
      </p>
    );
  }
  return (
    <div className="charts">
      <figure aria-label={`Recovery latency of ${dots.length} incidents`}>
        <figcaption>
          Each incident
          {all.length > dots.length && <span className="quiet"> (the newest {MAX_DOTS})</span>}
        </figcaption>
        <ResponsiveContainer width="100%" height="100%">
          <ScatterChart margin={MARGIN} accessibilityLayer>
            <CartesianGrid stroke="var(--grid)" vertical={false} />
            <XAxis
              {...AXIS}
              type="number"
              dataKey="number"
              name="incident"
              domain={['dataMin - 0.5', 'dataMax + 0.5']}
              allowDecimals={false}
              tickCount={6}
            />
            <YAxis {...AXIS} type="number" dataKey="micros" name="recovery" tickFormatter={words} width={64} />
            <Tooltip
              {...TOOLTIP}
              cursor={false}
              formatter={(value, name) => (name === 'recovery' ? words(Number(value)) : String(value))}
            />
            {marks.map((mark) => (
              <ReferenceLine
                key={mark.percent}
                y={mark.micros ?? 0}
                stroke="var(--dim)"
                strokeDasharray="4 3"
                label={{ value: `p${mark.percent}`, position: 'right', fill: 'var(--dim)', fontSize: 11, dy: -7 }}
              />
            ))}
            <Scatter data={[...dots]} fill="var(--accent)" isAnimationActive={false} />
          </ScatterChart>
        </ResponsiveContainer>
      </figure>
      <figure aria-label="Share recovered over time">
        <figcaption>
          <Term name="ecdf">Share recovered within</Term>
        </figcaption>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={[...steps]} margin={MARGIN} accessibilityLayer>
            <CartesianGrid stroke="var(--grid)" />
            <XAxis {...AXIS} type="number" dataKey="micros" domain={[0, 'dataMax']} tickFormatter={words} />
            <YAxis
              {...AXIS}
              type="number"
              domain={[0, 1]}
              tickFormatter={(share: number) => `${Math.round(share * 100)} %`}
              width={48}
              ticks={[0, 0.25, 0.5, 0.75, 1]}
            />
            <Tooltip
              {...TOOLTIP}
              labelFormatter={(label) => `within ${words(Number(label))}`}
              formatter={(share) => [`${Math.round(Number(share) * 100)} %`, 'recovered']}
            />
            <Line
              type="stepAfter"
              dataKey="share"
              stroke="var(--accent)"
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </figure>
    </div>
  );
}
