/**
 * Golden traces: what upstream WebRTC (bb9331c) does, derived by executing a model of its source and confirmed by running
 * the source against a fake AVAudioSession. `call` stands for automatic audio with playout and recording started.
 */
export type GoldenStep =
  | 'initAndStartPlayout'
  | 'startRecording'
  | 'began'
  | 'ended(1)'
  | 'ended(0)'
  | 'foreground'
  | 'didActivate'
  | 'didDeactivate'
  | 'enable'
  | 'hangUp'
  | 'setActive(1)'
  | 'setActive(0)'
  | 'othersIoRuns'
  | 'setCategory(0x27)'
  | 'mediaLost'
  | 'mediaReset';

export interface Golden {
  readonly id: string;
  readonly what: string;
  readonly manual?: true;
  /** Steps whose trace is not looked at. */
  readonly before: readonly GoldenStep[];
  readonly steps: readonly GoldenStep[];
  readonly trace: readonly string[];
  readonly final: {
    readonly active: boolean;
    readonly count: number;
    readonly sessions?: number;
    readonly unit?: string;
  };
}

const CALL = ['initAndStartPlayout', 'startRecording'] as const;
const CONFIGURE = ['sys.setCategory(playAndRecord,voiceChat,0x4)', 'willSetActive(1)'] as const;
const RUNNING = { active: true, count: 1, unit: 'started' } as const;

export const GOLDEN: readonly Golden[] = [
  {
    id: 'G01',
    what: 'init and start of playout configure, activate, initialise, start',
    before: [],
    steps: ['initAndStartPlayout'],
    trace: ['didStartPlayOrRecord', ...CONFIGURE, 'sys.setActive(1)', 'didSetActive(1)', 'Initialize', 'Start'],
    final: { ...RUNNING, sessions: 1 },
  },
  {
    id: 'G02',
    what: 'an interruption that ends with shouldResume',
    before: CALL,
    steps: ['began', 'ended(1)'],
    trace: ['didBeginInterruption', 'Stop', 'sys.setActive(1)', 'didEndInterruption(1)', 'Start'],
    final: RUNNING,
  },
  {
    id: 'G03',
    what: 'an interruption that ends without shouldResume restarts all the same',
    before: CALL,
    steps: ['began', 'ended(0)'],
    trace: ['didBeginInterruption', 'Stop', 'sys.setActive(1)', 'didEndInterruption(0)', 'Start'],
    final: RUNNING,
  },
  {
    id: 'G05',
    what: 'no end, but the app comes to the foreground',
    before: CALL,
    steps: ['began', 'foreground'],
    trace: ['didBeginInterruption', 'Stop', 'sys.setActive(1)', 'didEndInterruption(1)', 'Start'],
    final: RUNNING,
  },
  {
    id: 'G06',
    what: 'no end, but CallKit activates: the count is one too many',
    before: CALL,
    steps: ['began', 'didActivate'],
    trace: ['didBeginInterruption', 'Stop', 'didEndInterruption(1)', 'Start'],
    final: { ...RUNNING, count: 2 },
  },
  {
    id: 'G07',
    what: 'manual audio under CallKit never calls setActive',
    manual: true,
    before: [],
    steps: ['initAndStartPlayout', 'didActivate', 'enable', 'hangUp', 'didDeactivate'],
    trace: [
      'didStartPlayOrRecord',
      'didEndInterruption(1)',
      'didChangeCanPlayOrRecord(1)',
      ...CONFIGURE,
      'didSetActive(1)',
      'Initialize',
      'Start',
      'Stop',
      'Uninitialize',
      'Dispose',
      'willSetActive(0)',
      'didStopPlayOrRecord',
    ],
    final: { active: false, count: 0, sessions: 0, unit: 'none' },
  },
  {
    id: 'G11',
    what: 'a deactivation that the OS refuses is booked all the same',
    before: ['othersIoRuns'],
    steps: ['setActive(1)', 'setActive(0)'],
    trace: [
      'willSetActive(1)',
      'sys.setActive(1)',
      'didSetActive(1)',
      'willSetActive(0)',
      'sys.setActive(0) isBusy',
      'failedToSetActive(0)',
      'didSetActive(0)',
    ],
    final: { active: false, count: 0 },
  },
  {
    id: 'G12',
    what: 'an app that activates during the interruption ends it',
    before: CALL,
    steps: ['began', 'setActive(1)'],
    trace: [
      'didBeginInterruption',
      'Stop',
      'willSetActive(1)',
      'sys.setActive(1)',
      'didEndInterruption(1)',
      'didSetActive(1)',
      'Start',
    ],
    final: { ...RUNNING, count: 2 },
  },
  {
    id: 'G21',
    what: 'a media server that dies and comes back: activated again, the unit never rebuilt',
    before: CALL,
    steps: ['mediaLost', 'mediaReset'],
    trace: ['sys.setActive(1) mediaServicesFailed', 'mediaServerTerminated', 'sys.setActive(1)', 'mediaServerReset'],
    final: RUNNING,
  },
  {
    id: 'G26',
    what: "WebRTC's own configuration replaces the app's options",
    before: ['setCategory(0x27)'],
    steps: ['initAndStartPlayout'],
    trace: ['didStartPlayOrRecord', ...CONFIGURE, 'sys.setActive(1)', 'didSetActive(1)', 'Initialize', 'Start'],
    final: { ...RUNNING, sessions: 1 },
  },
];
