/** Words and spans that the timeline draws from incidents and levels. Pure. */
import type { Incident } from '../../shared/recovery/incident.ts';
import { deviceTime } from '../../shared/time/time.ts';
import type { LevelSeries } from '../../shared/timeline/levels.ts';
import { resultWords } from '../words/recovery.ts';
import type { IncidentSpan } from './frame.ts';

export function incidentSpans(incidents: readonly Incident[]): readonly IncidentSpan[] {
  return incidents.map((incident, index) => ({
    id: incident.id,
    label: `#${index + 1} ${incident.title}: ${resultWords(incident).short}`,
    from: incident.beganAt,
    ...(incident.endedAt === undefined ? {} : { to: incident.endedAt }),
  }));
}

/** The newest incident that covers `time`. */
export function incidentAt(spans: readonly IncidentSpan[], time: number, now: number): IncidentSpan | undefined {
  for (let index = spans.length - 1; index >= 0; index--) {
    const span = spans[index];
    if (span !== undefined && span.from <= time && time <= (span.to ?? now)) return span;
  }
  return undefined;
}

const decibels = (value: number): string => (value <= -120 ? 'silent' : `${Math.round(value)} dB`).replace('-', '−');

/** A level older than this is not the level at that instant any more: they come 20 times a second. */
const STALE_MICROS = 200_000;

export function levelWords(levels: LevelSeries | undefined, time: number): string {
  const at = deviceTime(time);
  const capture = levels?.at('capture', at, STALE_MICROS);
  const render = levels?.at('render', at, STALE_MICROS);
  return capture === undefined || render === undefined ? '–' : `mic ${decibels(capture)} · spk ${decibels(render)}`;
}
