/** A test double of the engine on a memory channel: answers calls, plays the fixture. Never part of the built page. */
import type { EngineMessage, EngineStatus, PageMessage, RecordingInfo } from '../../shared/contract/contract.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { EngineChannel } from '../channel/client.ts';
import { BENCH } from './call.fixture.ts';

export interface MemoryEngine {
  /** A fresh channel, as a page opens one. */
  connect(): EngineChannel;
  /** More of the live stream. */
  live(entries: readonly JournalEntry[]): void;
  setStatus(change: Partial<EngineStatus>): void;
  setBench(change: Partial<EngineStatus['benches'][number]>): void;
  /** Ends all channels, as a killed engine does. */
  drop(reason: string): void;
  readonly asked: PageMessage[];
  onCall(listener: (message: Extract<PageMessage, { t: 'call' }>) => void): void;
}

const ability = (does: string, title: string) => ({
  does,
  title,
  fidelity: 'F0' as const,
  deviceId: does.startsWith('path') ? 'relay' : 'iphone-os',
});
const device = (deviceId: string, title: string) =>
  ({
    deviceId,
    role: deviceId === 'iphone-app' ? 'probe' : 'lab',
    platform: 'virtual',
    title,
    link: 'connected',
    eventsReceived: 1200,
    badFrames: 0,
    samplesDropped: 0,
  }) as const;
const scenario = (id: string, name: string, title: string, seconds: number, callKit = false) =>
  ({ id, name, title, description: title, fidelity: 'F0', policy: 'careful', callKit, seconds }) as const;

export const SCENARIOS = [
  scenario('S02', 'pstn-reject', 'Phone call, declined', 9),
  scenario('S03', 'pstn-answer-local-hangup', 'Phone call, answered, you hang up', 14),
  scenario('S11', 'siri-short', 'Siri, a short question', 8),
  scenario('S13', 'alarm-dismiss', 'Alarm, dismissed', 8),
  scenario('S05', 'hold-accept-local-end', 'Second call: hold and accept, you end it', 14, true),
  scenario('S06', 'hold-accept-remote-end', 'Second call: hold and accept, the other side ends it', 16, true),
  scenario('S23', 'airpods-connect', 'AirPods connect', 8),
  scenario('S24', 'airpods-into-case', 'AirPods go into the case', 9),
  scenario('S57', 'path-blackhole-8s', 'Network gone for 8 seconds', 18),
  scenario('S58', 'path-blackhole-35s', 'Network gone for 35 seconds, ICE restart', 55),
  scenario('S59', 'suspension-nat-rebind', 'App suspended, NAT binding lost', 30),
] as const;

const RECORDINGS: readonly RecordingInfo[] = [
  {
    recordingId: 'sample',
    title: 'Sample: a declined call',
    startedAt: '2026-11-22T10:00:00Z',
    bytes: 182_000,
    bundled: true,
    open: false,
    complete: true,
  },
  {
    recordingId: 'r1',
    title: 'Recording of 22 Nov, 18:41',
    startedAt: '2026-11-22T18:41:00Z',
    bytes: 3_420_000,
    bundled: false,
    open: false,
    complete: true,
  },
  {
    recordingId: 'r2',
    title: 'Recording of 22 Nov, 18:58',
    startedAt: '2026-11-22T18:58:00Z',
    bytes: 910_000,
    bundled: false,
    open: false,
    complete: false,
  },
];

const STATUS: EngineStatus = {
  version: '0.1.0',
  benches: [
    {
      benchId: BENCH,
      title: 'Simulated iPhone',
      simulated: true,
      state: 'running',
      policy: 'careful',
      policies: [
        { name: 'careful', title: 'Careful' },
        { name: 'gateOnShouldResume', title: 'Waits for shouldResume' },
        { name: 'neverRestartsUnit', title: 'Never restarts the unit' },
      ],
      os: '26',
      osVersions: ['26', '27'],
      callKit: false,
      devices: [
        device('iphone-app', 'iPhone app'),
        device('iphone-os', 'iPhone iOS'),
        device('relay', 'Relay'),
        device('gateway', 'Gateway'),
      ],
      abilities: [
        ability('phone.ring', 'Phone rings'),
        ability('phone.decline', 'Decline'),
        ability('phone.answer', 'Answer'),
        ability('phone.remoteHangUp', 'Caller hangs up'),
        ability('siri.start', 'Siri starts'),
        ability('siri.end', 'Siri ends'),
        ability('alarm.fire', 'Alarm'),
        ability('airpods.connect', 'AirPods connect'),
        ability('app.suspend', 'Suspend the app'),
        ability('path.blackhole', 'Lose all packets'),
        ability('path.loss', 'Lose packets'),
        ability('path.rebind', 'Rebind NAT'),
      ],
    },
  ],
  recording: { state: 'off' },
  recordings: RECORDINGS,
  refusedFrames: 0,
  dataFolder: '/tmp/sidetone-data',
};

export function createMemoryEngine(history: readonly JournalEntry[]): MemoryEngine {
  let status = STATUS;
  let past = [...history];
  const asked: PageMessage[] = [];
  const pages = new Set<{
    deliver: (message: EngineMessage) => void;
    stream: string | undefined;
    number: number;
    close: (reason: string) => void;
  }>();
  let calls: (message: Extract<PageMessage, { t: 'call' }>) => void = () => {};
  let streams = 0;
  const publish = (): void => {
    for (const page of pages) page.deliver({ t: 'status', status });
  };

  function connect(): EngineChannel {
    let onMessage: (message: EngineMessage) => void = () => {};
    let onClose: (reason: string) => void = () => {};
    // Every message is a task of its own, as with a socket.
    const deliver = (message: EngineMessage): void => void setTimeout(() => onMessage(message), 0);
    const page = {
      deliver,
      stream: undefined as string | undefined,
      number: 0,
      close: (reason: string) => onClose(reason),
    };
    pages.add(page);
    deliver({ t: 'status', status });
    const batch = (entries: readonly JournalEntry[], complete: boolean): void => {
      if (page.stream !== undefined)
        deliver({ t: 'batch', stream: page.stream, number: ++page.number, entries, samplesDropped: 0, complete });
    };
    const answer = (message: Extract<PageMessage, { t: 'call' }>): void => {
      calls(message);
      const result = (output: object): void =>
        deliver({ t: 'result', ref: message.ref, output: output as Record<string, never> });
      switch (message.name) {
        case 'watch.live':
          page.stream = `live-${++streams}`;
          page.number = 0;
          result({ stream: page.stream });
          batch(past, false);
          return;
        case 'watch.recording': {
          const recording = status.recordings.find((one) => one.recordingId === message.input.recordingId);
          page.stream = `recording-${++streams}`;
          page.number = 0;
          result({ stream: page.stream, recording });
          batch(history, true);
          return;
        }
        case 'scenario.list':
          result({ scenarios: SCENARIOS });
          return;
        case 'recording.start':
          status = {
            ...status,
            recording: { state: 'on', recordingId: 'new', bytes: 12_000, since: new Date().toISOString() },
          };
          result({ recordingId: 'new' });
          publish();
          return;
        case 'recording.stop':
          status = { ...status, recording: { state: 'off' } };
          result({});
          publish();
          return;
        case 'recording.delete':
          status = {
            ...status,
            recordings: status.recordings.filter((one) => one.recordingId !== message.input.recordingId),
          };
          result({});
          publish();
          return;
        default:
          result({});
      }
    };
    return {
      send: (message) => {
        asked.push(message);
        if (message.t === 'call') setTimeout(() => answer(message), 0);
      },
      onMessage: (listener) => {
        onMessage = listener;
      },
      onClose: (listener) => {
        onClose = listener;
      },
      close: () => void pages.delete(page),
    };
  }

  return {
    connect,
    asked,
    live: (entries) => {
      past = [...past, ...entries];
      for (const page of pages) {
        if (page.stream?.startsWith('live')) {
          page.deliver({
            t: 'batch',
            stream: page.stream,
            number: ++page.number,
            entries,
            samplesDropped: 0,
            complete: false,
          });
        }
      }
    },
    setStatus: (change) => {
      status = { ...status, ...change };
      publish();
    },
    setBench: (change) => {
      status = { ...status, benches: status.benches.map((bench) => ({ ...bench, ...change })) };
      publish();
    },
    drop: (reason) => {
      for (const page of [...pages]) {
        pages.delete(page);
        page.close(reason);
      }
    },
    onCall: (listener) => {
      calls = listener;
    },
  };
}
