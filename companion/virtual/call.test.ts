import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type CallStates, createCall } from './call.ts';
import type { GatewayReply } from './gateway-client.ts';
import type {
  AudioTrack,
  Direction,
  PeerConnection,
  SessionDescription,
  StatsReport,
  Transceiver,
} from './libwebrtc.ts';

const TRACK: AudioTrack = { enabled: true, stop: () => undefined };
const ANSWER =
  'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=sendrecv\r\n';
const FRAGMENT =
  'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:wxyz\r\na=ice-pwd:9876543210987654321098\r\n';

/** Negotiates like libwebrtc, one description at a time, and writes down what it was asked. */
class FakeConnection implements PeerConnection {
  readonly asked: string[];
  connectionState = 'new';
  iceConnectionState = 'new';
  iceGatheringState = 'complete';
  signalingState = 'stable';
  localDescription: SessionDescription | null = null;
  readonly #listeners: [string, () => void][] = [];
  direction: Direction = 'sendrecv';
  constructor(asked: string[]) {
    this.asked = asked;
  }
  async createOffer(options?: { readonly iceRestart?: boolean }): Promise<SessionDescription> {
    const ufrag = options?.iceRestart === true ? 'new0' : 'old0';
    const sdp = `m=audio 9 X 111\r\na=mid:0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:0123456789012345678901\r\na=candidate:1 1 udp 1 127.0.0.1 4000 typ host\r\n`;
    return { type: 'offer', sdp };
  }
  async setLocalDescription({ type, sdp }: { readonly type: string; readonly sdp?: string }): Promise<void> {
    await sleep(1);
    if (type !== 'rollback' && this.signalingState !== 'stable') throw new Error('two negotiations at once');
    this.asked.push(type === 'offer' ? `offer ${this.direction}` : type);
    if (sdp !== undefined) this.localDescription = { type: 'offer', sdp };
    this.emit('signaling', type === 'offer' ? 'have-local-offer' : 'stable');
  }
  async setRemoteDescription({ sdp }: SessionDescription): Promise<void> {
    await sleep(1);
    this.asked.push(`answer ${/a=(sendrecv|recvonly)/.exec(sdp)?.[1]} ${/ice-ufrag:(\w+)/.exec(sdp)?.[1]}`);
    this.emit('signaling', 'stable');
  }
  addTransceiver(): Transceiver {
    const self = this;
    return {
      get direction() {
        return self.direction;
      },
      set direction(value) {
        self.direction = value;
      },
      sender: { transport: null },
      setCodecPreferences: () => undefined,
    };
  }
  async getStats(): Promise<StatsReport> {
    return new Map();
  }
  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.push([type, listener as () => void]);
  }
  /** Each event twice, as the binding sometimes does. */
  emit(what: 'signaling' | 'connection', state: string): void {
    if (what === 'signaling') this.signalingState = state;
    else this.connectionState = state;
    for (const [type, listener] of [...this.#listeners, ...this.#listeners]) {
      if (type === `${what}statechange`) listener();
    }
  }
  close(): void {
    this.connectionState = 'closed';
  }
}

function calling(restart: () => GatewayReply = () => ({ ok: true, body: FRAGMENT, location: undefined })) {
  const asked: string[] = [];
  const states: CallStates[] = [];
  const restarts: string[] = [];
  const failures: string[] = [];
  const connections: FakeConnection[] = [];
  const call = createCall({
    createPeerConnection() {
      const connection = new FakeConnection(asked);
      connections.push(connection);
      return connection;
    },
    gateway: {
      async offer() {
        asked.push('POST');
        await sleep(5);
        return { ok: true, body: ANSWER, location: '/calls/1' };
      },
      async restart(location, fragment) {
        asked.push(`PATCH ${location} ${/ice-ufrag:(\w+)/.exec(fragment)?.[1]}`);
        await sleep(5);
        return restart();
      },
      async hangUp(location) {
        asked.push(`DELETE ${location}`);
        return { ok: true, body: '', location: undefined };
      },
    },
    track: TRACK,
    onTrack: () => undefined,
    onStates: (state) => states.push(state),
    onRestart: (step) => restarts.push(step),
    onFailure: (message) => failures.push(message),
  });
  return { asked, call, connections, failures, restarts, states };
}
const START = ['offer sendrecv', 'POST', 'answer sendrecv abcd'];

const until = (check: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 3000, interval: 3 });

describe('the call', () => {
  it('stops and resumes playout on its own side only, and carries out the newest wish', async () => {
    const { asked, call, failures } = calling();
    call.start();
    await until(() => call.up);
    call.setReceiving(false);
    await until(() => asked.length === 5);
    for (const wish of [true, false, true, false, true]) call.setReceiving(wish);
    await until(() => asked.length >= 7);
    await sleep(20);
    expect(asked).toEqual([
      ...START,
      ...['offer sendonly', 'answer recvonly abcd'],
      ...['offer sendrecv', 'answer sendrecv abcd'],
    ]);
    expect(failures).toEqual([]);
  });

  it('carries out a wish that came before the call was up', async () => {
    const { asked, call } = calling();
    call.setReceiving(false);
    call.start();
    await until(() => asked.length >= 5);
    expect(asked).toEqual([...START, 'offer sendonly', 'answer recvonly abcd']);
  });

  it('restarts ICE with a fragment, also while playout is stopped, and keeps the new credentials', async () => {
    const { asked, call, restarts } = calling();
    call.start();
    call.setReceiving(false);
    call.restartIce('ICE failed');
    call.setReceiving(true);
    await until(() => restarts.length === 2);
    expect(asked.slice(3)).toEqual(['offer sendrecv', 'PATCH /calls/1 new0', 'answer sendrecv wxyz']);
    call.setReceiving(false);
    await until(() => asked.length === 8);
    call.restartIce('again');
    await until(() => restarts.length === 4);
    expect(asked.slice(6)).toEqual([
      'offer sendonly',
      'answer recvonly wxyz',
      'offer sendonly',
      'PATCH /calls/1 new0',
      'answer recvonly wxyz',
    ]);
    expect(restarts).toEqual(['asked', 'answered', 'asked', 'answered']);
  });

  it('rolls back a restart that the gateway refuses, so that the next negotiation can begin', async () => {
    const { asked, call, failures, restarts } = calling(() => ({ ok: false, message: '502' }));
    call.start();
    call.restartIce('ICE failed');
    await until(() => restarts.length === 2);
    call.setReceiving(false);
    await until(() => asked.length === 8);
    expect(asked.slice(3)).toEqual([
      'offer sendrecv',
      'PATCH /calls/1 new0',
      'rollback',
      'offer sendonly',
      'answer recvonly abcd',
    ]);
    expect(restarts).toEqual(['asked', 'failed']);
    expect(failures).toEqual([]);
  });

  it('tells each change of state once, and nothing of its own renegotiations', async () => {
    const { asked, call, connections, states } = calling();
    call.start();
    await until(() => call.up);
    connections[0]?.emit('connection', 'connected');
    const before = states.length;
    call.setReceiving(false);
    await until(() => asked.length === 5);
    call.setReceiving(true);
    await until(() => asked.length === 7);
    call.setDtls('connected');
    call.setDtls('connected');
    expect(states.slice(before).map(({ dtls }) => dtls)).toEqual(['connected']);
    const words = states.map((state) => JSON.stringify(state));
    expect(new Set(words).size).toBe(words.length);
  });

  it('hangs up at the gateway, also when the answer comes after that, and can start anew', async () => {
    const { asked, call, failures } = calling();
    call.start();
    await sleep(4);
    await call.hangUp();
    await until(() => asked.length === 3);
    expect(asked).toEqual(['offer sendrecv', 'POST', 'DELETE /calls/1']);
    expect(call.up).toBe(false);
    call.start();
    await until(() => call.up);
    await call.hangUp();
    expect(asked.at(-1)).toBe('DELETE /calls/1');
    expect(failures).toEqual([]);
  });

  it('does not begin a call that was hung up while it waited behind another negotiation', async () => {
    const { asked, call, connections, restarts } = calling();
    call.start();
    call.restartIce('ICE failed');
    await until(() => restarts.length === 1);
    await call.hangUp();
    call.start();
    await call.hangUp();
    await sleep(30);
    expect(connections).toHaveLength(1);
    expect(asked.filter((one) => one === 'POST')).toHaveLength(1);
    expect(call.up).toBe(false);
  });
});
