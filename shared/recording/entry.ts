/**
 * The journal's entries: everything that reducers ever see, in the order the engine accepted it.
 * Live view, reopened recording and imported file are all a list of these, so they give the same lanes and incidents.
 */
import type { DesktopTime } from '../time/time.ts';
import type { FrameOf, Hello, WireEvent, WireSample } from '../wire/frames.ts';

interface Common {
  /** When the engine accepted it: monotonic, microseconds since the engine's epoch. */
  readonly arrivedAt: DesktopTime;
  readonly benchId: string;
  readonly deviceId: string;
}

export type EventEntry = Common & { readonly type: 'event'; readonly sessionId: string; readonly event: WireEvent };
export type SampleEntry = Common & { readonly type: 'sample'; readonly sample: WireSample };
/** A device said hello and was welcomed; `hello` without its resume part. */
export type HelloEntry = Common & {
  readonly type: 'hello';
  readonly sessionId: string;
  readonly hello: Omit<Hello, 't' | 'resume'>;
};
export type LinkEntry = Common & {
  readonly type: 'link';
  readonly state: 'connected' | 'resumed' | 'lost' | 'closed' | 'process-ended';
  readonly reason: string;
};
export type GapEntry = Common & { readonly type: 'gap'; readonly gap: Omit<FrameOf<'gap'>, 't'> };
/** A scenario run began or ended on this bench; `deviceId` is the probe's. */
export type RunEntry = Common & {
  readonly type: 'run';
  readonly runId: string;
  readonly state: 'began' | 'ended' | 'stopped';
  readonly scenario: string;
  readonly title: string;
  readonly repetition: number;
  readonly policy: string;
  readonly os: string;
};

export type JournalEntry = EventEntry | SampleEntry | HelloEntry | LinkEntry | GapEntry | RunEntry;
