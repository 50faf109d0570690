/** Words and spans that the timeline draws from incidents and levels. Pure. */
import type { Incident } from '../../shared/recovery/incident.ts';
import { recoveryWords } from '../words/recovery.ts';
import type { IncidentSpan } from './paint.ts';

export function incidentSpans(incidents: readonly Incident[]): readonly IncidentSpan[] {
  return incidents.map((incident, index) => ({
    id: incident.id,
    label: `#${index + 1} ${incident.title}: ${recoveryWords(incident.recoveryLatency).short}`,
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

export const levelWords = (level: { readonly captureDbfs: number; readonly renderDbfs: number } | undefined): string =>
  level === undefined ? '–' : `mic ${decibels(level.captureDbfs)} · spk ${decibels(level.renderDbfs)}`;
