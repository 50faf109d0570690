/** What the table of events says of an entry. Pure. */
import { formatDuration } from '../../shared/time/duration.ts';
import { micros } from '../../shared/time/time.ts';
import type { LoggedEntry } from '../store/event-log.ts';
import { preciseLabel } from '../timeline/ticks.ts';

export interface EventRow {
  /** On the device's clock; absent for what the engine itself saw. */
  readonly at: number | undefined;
  readonly device: string;
  readonly kind: string;
  readonly text: string;
}

/** `origin`: the time called 0:00, for instants inside an event. */
export function rowOf(entry: LoggedEntry, origin: number): EventRow {
  const device = entry.deviceId;
  switch (entry.type) {
    case 'event':
      return { at: entry.event.at, device, kind: entry.event.kind, text: textOf(entry.event.data, origin) };
    case 'hello':
      return {
        at: entry.hello.clock.now,
        device,
        kind: 'hello',
        text: `${entry.hello.title}, ${entry.hello.device.os} ${entry.hello.device.osVersion}`,
      };
    case 'link':
      return { at: undefined, device, kind: `link ${entry.state}`, text: entry.reason };
    case 'gap':
      return {
        at: undefined,
        device,
        kind: 'gap',
        text: `events ${entry.gap.from} to ${entry.gap.to} are lost (${entry.gap.reason})`,
      };
    case 'run':
      return {
        at: undefined,
        device,
        kind: `run ${entry.state}`,
        text: `${entry.title}, repetition ${entry.repetition}, ${entry.policy}, iOS ${entry.os}`,
      };
  }
}

/** Fields as `name value`; nested ones as JSON; long ones cut, the full text is in the tooltip. */
export function textOf(data: object, origin: number): string {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      if (typeof value === 'number' && name.endsWith('Micros')) {
        return `${name.slice(0, -6)} ${formatDuration(micros(value))}`;
      }
      if (typeof value === 'number' && name.endsWith('At'))
        return `${name.slice(0, -2)} ${preciseLabel(value - origin)}`;
      return `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
    })
    .join(' · ');
}

/** Does the row contain every word of the filter? */
export function passes(row: EventRow, filter: string): boolean {
  if (filter === '') return true;
  const text = `${row.device} ${row.kind} ${row.text}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
