/** What the gateway hears of the phone, and how its own end of the call stands: `farEnd.*` on the wire. */
import type { InboundReading } from '../../../shared/pcm/concealment.ts';
import { createDecodedFlow, type DecodedFlow } from '../../../shared/pcm/decoded-flow.ts';
import { createLevelMeter, SILENCE_DBFS } from '../../../shared/pcm/level.ts';
import type { DeviceTime } from '../../../shared/time/time.ts';
import type { FarEndLink } from '../link.ts';
import type { Call } from './call.ts';
import type { FrameLog } from './heard-log.ts';
import type { AudioData, StatsReport } from './wrtc.ts';

export const GATEWAY_REPORTS = ['farEnd.flow', 'farEnd.state', 'farEnd.level'] as const;
/** 10 Hz: edges are computed back to about a frame from counters, and a reading costs CPU. */
const READ_EVERY_MILLISECONDS = 100;

export interface Hearing {
  callBegan(call: Call): void;
  callEnded(): void;
  states(peerConnection: string, iceConnection: string): void;
  frame(data: AudioData): void;
}

const numberOf = (row: Readonly<Record<string, unknown>>, key: string): number => {
  const value = row[key];
  return typeof value === 'number' ? value : 0;
};

/** The counters of the inbound audio stream; undefined before there is one. */
export function readingOf(report: StatsReport, at: number): InboundReading | undefined {
  for (const row of report.values())
    if (row['type'] === 'inbound-rtp')
      return {
        at,
        totalSamplesReceived: numberOf(row, 'totalSamplesReceived'),
        concealedSamples: numberOf(row, 'concealedSamples'),
        silentConcealedSamples: numberOf(row, 'silentConcealedSamples'),
        concealmentEvents: numberOf(row, 'concealmentEvents'),
        packetsReceived: numberOf(row, 'packetsReceived'),
      };
  return undefined;
}

export function createHearing(options: {
  readonly now: () => DeviceTime;
  readonly link: FarEndLink;
  readonly heardLog: FrameLog | undefined;
  readonly spokenDbfs: () => number;
}): Hearing {
  const { now, link, heardLog, spokenDbfs } = options;
  const meter = createLevelMeter();
  let decoded: DecodedFlow = createDecodedFlow();
  let call: Call | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let reading = false;
  let lastStates = '';
  let framesSinceReading = 0;

  const read = async (of: Call) => {
    // A reading that is slower than the interval must not overlap with the next.
    if (reading) return;
    reading = true;
    try {
      const report = await of.connection.getStats(of.remoteTrack);
      const current = readingOf(report, now());
      if (of !== call || current === undefined) return;
      for (const edge of decoded.reading(current))
        link.event('farEnd.flow', { ...edge, edgeAt: edge.edgeAt as DeviceTime }, 'farEnd');
    } catch (error) {
      if (of === call) process.stderr.write(`gateway: getStats: ${String(error)}\n`);
    } finally {
      reading = false;
    }
  };
  const states = (peerConnection: string, iceConnection: string) => {
    // libwebrtc in Node sometimes tells the same state twice.
    const text = `${peerConnection}/${iceConnection}`;
    if (text === lastStates) return;
    lastStates = text;
    link.event('farEnd.state', { peerConnection, iceConnection }, 'farEnd');
  };
  const end = () => {
    if (call !== undefined) states('closed', 'closed');
    clearInterval(timer);
    timer = undefined;
    call = undefined;
    meter.reset();
    if (decoded.flow !== 'stopped')
      link.event('farEnd.flow', { from: decoded.flow, to: 'stopped', edgeAt: now(), errorMicros: 10_000 }, 'farEnd');
    decoded = createDecodedFlow();
  };

  return {
    callBegan(next) {
      if (call !== undefined) end();
      call = next;
      timer = setInterval(() => {
        // Frames that stop coming leave the meter at its last reading; silence is what is heard then.
        if (framesSinceReading === 0) meter.reset();
        framesSinceReading = 0;
        link.sample('farEnd.level', {
          heardDbfs: call === undefined ? SILENCE_DBFS : meter.dbfs(),
          spokenDbfs: spokenDbfs(),
        });
        void read(next);
      }, READ_EVERY_MILLISECONDS);
    },
    callEnded: end,
    states,
    frame(data) {
      const at = now();
      framesSinceReading += 1;
      meter.push(data.samples);
      decoded.frame(data.samples, at);
      heardLog?.frame(at, data.samples);
    },
  };
}
