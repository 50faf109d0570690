/** What the timeline's reducers produce: lanes, direction bars, the ladder, and the header's present values. */
import type { DeviceTime } from '../time/time.ts';

/** How a segment is drawn; always together with its label, never colour alone. */
export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'neutral' | 'unknown';

/** A state as a lane shows it. */
export interface Look {
  readonly value: string;
  readonly label: string;
  readonly tone: Tone;
}

export interface Segment {
  readonly from: DeviceTime;
  /** Absent: still so. */
  readonly to?: DeviceTime;
  readonly value: string;
  readonly label: string;
  readonly tone: Tone;
  /** The event that opened it. */
  readonly seq?: number;
}

export const LANES = [
  'userHearsAgent',
  'agentHearsUser',
  'cause',
  'session',
  'interruption',
  'route',
  'callkit',
  'unit',
  'ice',
  'transport',
  'app',
  'link',
] as const;
export type LaneId = (typeof LANES)[number];

export interface Lane {
  readonly id: LaneId;
  readonly title: string;
  /** In order of time, without overlap. */
  readonly segments: readonly Segment[];
}

/** An instant worth a mark on the axis (notification, call made, user action, run began). */
export interface Mark {
  readonly at: DeviceTime;
  readonly lane: LaneId;
  readonly label: string;
  readonly tone: Tone;
  readonly deviceId: string;
  readonly seq?: number;
}

/** One layer of the ladder: what it says of itself beside what was measured to move. */
export interface Rung {
  readonly layer: 'session' | 'rtcAudioSession' | 'audioUnit' | 'callkit' | 'track' | 'transport' | 'farEnd';
  readonly title: string;
  readonly claim: { readonly text: string; readonly tone: Tone };
  readonly evidence: { readonly text: string; readonly tone: Tone };
  /** agree; `lies`: claims health while the evidence is dead; `unknown`: no evidence to compare. */
  readonly verdict: 'agree' | 'lies' | 'modest' | 'unknown';
}

export interface Header {
  readonly category: string;
  readonly mode: string;
  readonly options: string;
  readonly route: string;
  readonly session: string;
  readonly interruption: string;
  readonly callkit: string;
  readonly unit: string;
  readonly ice: string;
  readonly dtls: string;
  readonly roundTripMilliseconds?: number;
  readonly captureDbfs?: number;
  readonly renderDbfs?: number;
}
