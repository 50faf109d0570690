/** What lanes are made of: entries whose instant is known on the probe's clock. */
import type { GapEntry, HelloEntry, LinkEntry, RunEntry } from '../recording/entry.ts';
import type { DeviceTime } from '../time/time.ts';
import type { WireEvent } from '../wire/frames.ts';
import type { StateLane } from './state-lane.ts';
import type { Mark } from './view.ts';

interface Common {
  readonly deviceId: string;
  /** From the probe itself, not from a lab device that shares its clock. */
  readonly own: boolean;
}
export type PlacedEvent = Common & { readonly type: 'event'; readonly event: WireEvent };
export type PlacedOther = Common & {
  readonly type: 'other';
  /** On the probe's clock, as near as the smallest delay seen so far tells. */
  readonly at: DeviceTime;
  readonly entry: HelloEntry | LinkEntry | GapEntry | RunEntry;
};
export type Placed = PlacedEvent | PlacedOther;

export type AddMark = (mark: Omit<Mark, 'deviceId'> & { readonly deviceId?: string }) => void;

/** One subject's part of the timeline. */
export interface LaneReducer {
  readonly lanes: readonly StateLane[];
  push(placed: Placed, mark: AddMark): void;
}
