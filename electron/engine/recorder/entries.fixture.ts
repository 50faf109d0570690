/** Entries of every type, as a hub would hand them over. */
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { desktopTime, deviceTime } from '../../../shared/time/time.ts';
import { EVENT_KINDS, eventKinds } from '../../../shared/wire/kinds.ts';

const common = (at: number) => ({ arrivedAt: desktopTime(at), benchId: 'bench', deviceId: 'phone' });

export const logEntry = (seq: number, message = `event ${seq} – früh 🎧`): JournalEntry => ({
  type: 'event',
  ...common(seq * 100),
  sessionId: 's1',
  event: {
    ...{ seq, at: deviceTime(seq * 100 - 7), uptime: deviceTime(seq * 90), kind: 'log', source: 'probe' },
    data: { level: 'info', message },
  },
});

/** One entry of each type, and one event of each kind the wire has. */
export function everyEntry(): JournalEntry[] {
  const events = EVENT_KINDS.map(
    (kind, index) =>
      ({
        type: 'event',
        ...common(1000 + index),
        sessionId: 's1',
        event: { seq: index + 1, at: 5, uptime: 5, kind, source: 'probe', data: eventKinds[kind].example },
      }) as unknown as JournalEntry,
  );
  return [
    {
      type: 'hello',
      ...common(1),
      sessionId: 's1',
      hello: {
        ...{ proto: [1], deviceId: 'phone', benchId: 'bench', role: 'probe', platform: 'virtual', title: 'Phone' },
        device: { model: 'iPhone', os: 'iOS', osVersion: '27.0' },
        app: { name: 'test', version: '1' },
        clock: { id: 'c', now: deviceTime(1) },
        ...{ reports: ['log'], performs: [] },
      },
    },
    { type: 'link', ...common(2), state: 'connected', reason: 'Phone' },
    ...events,
    {
      type: 'sample',
      ...common(2000),
      sample: { at: deviceTime(1990), kind: 'level', data: { captureDbfs: -20.5, renderDbfs: -120 } },
    },
    { type: 'gap', ...common(2001), gap: { from: 90, to: 99, reason: 'ring' } },
    {
      type: 'run',
      ...common(2002),
      ...{ runId: 'r1', state: 'began', scenario: 'S02', title: 'Phone call, declined', repetition: 1 },
      ...{ policy: 'careful', os: '27' },
    },
  ];
}
