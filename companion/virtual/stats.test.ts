import { describe, expect, it } from 'vitest';
import { deviceTime } from '../../shared/time/time.ts';
import { sampleKinds } from '../../shared/wire/samples.ts';
import type { StatsEntry } from './libwebrtc.ts';
import { readStats } from './stats.ts';

/** Shaped as libwebrtc M106 gives it, reduced. */
const REPORT = new Map<string, StatsEntry>(
  [
    {
      id: 'I',
      type: 'inbound-rtp',
      kind: 'audio',
      packetsReceived: 526,
      packetsLost: -1,
      totalSamplesReceived: 496320,
      concealedSamples: 480,
      concealmentEvents: 1,
    },
    { id: 'O', type: 'outbound-rtp', kind: 'audio', packetsSent: 524, bytesSent: 42045 },
    {
      id: 'R',
      type: 'remote-inbound-rtp',
      kind: 'audio',
      timestamp: 1795374146959,
      roundTripTime: 0.001,
      fractionLost: 0,
    },
    {
      id: 'T',
      type: 'transport',
      dtlsState: 'connected',
      selectedCandidatePairId: 'P1',
      iceLocalUsernameFragment: 'FqsI',
    },
    { id: 'P0', type: 'candidate-pair', requestsSent: 9, responsesReceived: 0 },
    {
      id: 'P1',
      type: 'candidate-pair',
      requestsSent: 1,
      consentRequestsSent: 7,
      responsesReceived: 8,
      currentRoundTripTime: 0.002,
      localCandidateId: 'L',
      remoteCandidateId: 'M',
    },
    { id: 'L', type: 'local-candidate', candidateType: 'prflx', protocol: 'udp', address: '127.0.0.1' },
    { id: 'M', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', address: '127.0.0.1' },
  ].map((entry) => [entry.id, entry]),
);

describe('a reading of the statistics', () => {
  const reading = readStats(REPORT, deviceTime(5_000_000));

  it('is a sample the wire takes, with what the stack does not have left out', () => {
    expect(sampleKinds.stats.parse(reading.sample)).toEqual(reading.sample);
    expect(reading.sample).toMatchObject({
      packetsSent: 524,
      packetsLost: -1,
      stunRequestsSent: 8,
      roundTripSeconds: 0.002,
    });
    expect('jitterSeconds' in reading.sample).toBe(false);
  });

  it('counts requests on the selected pair and answers on each', () => {
    expect(reading.stun).toEqual({
      pairId: 'P1',
      requests: 8,
      responses: new Map([
        ['P0', 0],
        ['P1', 8],
      ]),
    });
  });

  it('tells the selected pair without addresses', () => {
    expect(reading.pair).toEqual({ generation: 'FqsI', localType: 'prflx', remoteType: 'host', protocol: 'udp' });
  });

  it('of a call that has nothing yet is empty, not wrong', () => {
    expect(readStats(new Map(), deviceTime(0))).toEqual({
      at: 0,
      sample: {},
      concealmentEvents: undefined,
      dtls: undefined,
      pair: undefined,
      stun: undefined,
      receiverReport: undefined,
    });
  });
});
