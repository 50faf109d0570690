/**
 * The call: one peer connection and its negotiations, one at a time.
 *
 *   start      offer -> POST -> answer
 *   receiving  a renegotiation that stays on this side: direction sendonly, then the far end's old answer as `recvonly`.
 *              libwebrtc then really stops playout (its jitter buffer stands still), which dropping frames does not do.
 *              Back with sendrecv on both. The far end never hears of it. 2 ms each.
 *   restart    offer with new ICE credentials -> fragment by PATCH -> its fragment into the old answer
 *   hang up    DELETE, close
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatFragment, fragmentOf, parseFragment, withFragment } from '../../shared/signalling/fragment.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import type { GatewayClient, GatewayReply } from './gateway-client.ts';
import type { AudioTrack, PeerConnection, StatsReport, Transceiver } from './libwebrtc.ts';

export type CallStates = EventData<'webrtc.state'>;
export type RestartStep = EventData<'webrtc.iceRestart'>['step'];

export interface CallPorts {
  createPeerConnection(): PeerConnection;
  readonly gateway: GatewayClient;
  readonly track: AudioTrack;
  onTrack(track: AudioTrack): void;
  /** At each change of any state. */
  onStates(states: CallStates): void;
  onRestart(step: RestartStep, why: string): void;
  onFailure(message: string): void;
}
export interface Call {
  /** Answered, and not hung up: captured frames are encoded and sent. */
  readonly up: boolean;
  start(): void;
  /** What the audio unit wants of playout; only the newest wish is carried out. */
  setReceiving(receiving: boolean): void;
  restartIce(why: string): void;
  /** Resolves when the gateway has heard of it, or did not answer. */
  hangUp(): Promise<GatewayReply | undefined>;
  /** undefined without a call. */
  stats(): Promise<StatsReport | undefined>;
  /** DTLS changes make no event of their own: to be told from the statistics. */
  setDtls(state: string): void;
}

/** Host candidates only: gathering takes a few milliseconds. */
const GATHERING_TIMEOUT_MILLISECONDS = 2000;
const GATHERING_LOOK_MILLISECONDS = 4;

interface Established {
  readonly connection: PeerConnection;
  readonly transceiver: Transceiver;
  readonly location: string;
  /** The far end's answer with `sendrecv`, in its newest form. */
  answer: string;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The far end's answer as if it only received. */
export const withoutSending = (answer: string): string => answer.replace(/^a=sendrecv\r?$/m, 'a=recvonly\r');

export function createCall(ports: CallPorts): Call {
  let connection: PeerConnection | undefined;
  /** A start may wait behind another negotiation; hung up meanwhile, it must not begin any more. */
  let wanted = false;
  let established: Established | undefined;
  let wishReceiving = true;
  let receiving = true;
  let dtls = 'new';
  let told = '';
  let queue: Promise<void> = Promise.resolve();

  /** Negotiations one after the other; a failing one is told and does not hold up the next. */
  const enqueue = (what: string, run: () => Promise<void>): Promise<void> => {
    queue = queue.then(run).catch((error: unknown) => ports.onFailure(`${what}: ${messageOf(error)}`));
    return queue;
  };

  /** A renegotiation of our own making, for want of an audio unit to stop, is no state a phone would have been in. */
  let aligning = false;
  const tellStates = (of: PeerConnection) => {
    if (of !== connection || aligning) return;
    const states: CallStates = {
      peerConnection: of.connectionState,
      iceConnection: of.iceConnectionState,
      iceGathering: of.iceGatheringState,
      signaling: of.signalingState,
      dtls,
    };
    // The binding delivers some events twice with the same state.
    const words = JSON.stringify(states);
    if (words === told) return;
    told = words;
    ports.onStates(states);
  };

  async function open(): Promise<void> {
    if (connection !== undefined || !wanted) return;
    const opened = ports.createPeerConnection();
    connection = opened;
    dtls = 'new';
    receiving = true;
    opened.addEventListener('track', (event) => ports.onTrack(event.track));
    for (const type of ['connection', 'iceconnection', 'icegathering', 'signaling']) {
      opened.addEventListener(`${type}statechange`, () => tellStates(opened));
    }
    try {
      await negotiate(opened);
    } catch (error) {
      // Hung up meanwhile: then that is no failure.
      if (connection !== opened) return;
      connection = undefined;
      opened.close();
      throw error;
    }
  }

  async function negotiate(opened: PeerConnection): Promise<void> {
    const transceiver = opened.addTransceiver(ports.track, { direction: 'sendrecv' });
    await opened.setLocalDescription(await opened.createOffer());
    await gathered(opened);
    const reply = await ports.gateway.offer(opened.localDescription?.sdp ?? '');
    if (!reply.ok) throw new Error(reply.message);
    const { location } = reply;
    if (location === undefined) throw new Error('the gateway named no location for the call');
    if (connection !== opened) {
      await ports.gateway.hangUp(location);
      return;
    }
    await opened.setRemoteDescription({ type: 'answer', sdp: reply.body });
    established = { connection: opened, transceiver, location, answer: reply.body };
    tellStates(opened);
  }

  async function align(): Promise<void> {
    const call = established;
    if (call === undefined || wishReceiving === receiving) return;
    const wish = wishReceiving;
    aligning = true;
    try {
      call.transceiver.direction = wish ? 'sendrecv' : 'sendonly';
      await call.connection.setLocalDescription(await call.connection.createOffer());
      const answer = wish ? call.answer : withoutSending(call.answer);
      await call.connection.setRemoteDescription({ type: 'answer', sdp: answer });
      receiving = wish;
    } finally {
      aligning = false;
      tellStates(call.connection);
    }
  }

  async function restart(why: string): Promise<void> {
    const call = established;
    if (call === undefined) {
      ports.onRestart('failed', 'no call');
      return;
    }
    ports.onRestart('asked', why);
    const offer = await call.connection.createOffer({ iceRestart: true });
    await call.connection.setLocalDescription(offer);
    await gathered(call.connection);
    const ours = fragmentOf(call.connection.localDescription?.sdp ?? '');
    const reply =
      ours === undefined
        ? ({ ok: false, message: 'the new offer has no ICE credentials' } as const)
        : await ports.gateway.restart(call.location, formatFragment(ours));
    if (established !== call) return;
    const theirs = reply.ok ? parseFragment(reply.body) : reply;
    if (!theirs.ok) {
      // Back to where we were, or no other negotiation could begin.
      await call.connection.setLocalDescription({ type: 'rollback' });
      ports.onRestart('failed', theirs.message);
      return;
    }
    call.answer = withFragment(call.answer, theirs.fragment);
    const answer = receiving ? call.answer : withoutSending(call.answer);
    await call.connection.setRemoteDescription({ type: 'answer', sdp: answer });
    ports.onRestart('answered', why);
  }

  return {
    get up() {
      return established !== undefined;
    },
    start() {
      wanted = true;
      void enqueue('call', open);
      void enqueue('playout', align);
    },
    setReceiving(wish) {
      wishReceiving = wish;
      void enqueue('playout', align);
    },
    restartIce(why) {
      void enqueue('ICE restart', async () => {
        try {
          await restart(why);
        } catch (error) {
          ports.onRestart('failed', messageOf(error));
        }
      });
    },
    async hangUp() {
      wanted = false;
      const last = connection;
      const location = established?.location;
      established = undefined;
      if (last !== undefined) {
        last.close();
        dtls = 'closed';
        tellStates(last);
      }
      connection = undefined;
      return location === undefined ? undefined : ports.gateway.hangUp(location);
    },
    async stats() {
      return established?.connection.getStats();
    },
    setDtls(state) {
      if (state === dtls || connection === undefined) return;
      dtls = state;
      tellStates(connection);
    },
  };
}

/** Until every candidate of the newest local description is there: right after a restart the state is still the old one. */
async function gathered(connection: PeerConnection): Promise<void> {
  const deadline = performance.now() + GATHERING_TIMEOUT_MILLISECONDS;
  const done = () =>
    connection.iceGatheringState === 'complete' &&
    (fragmentOf(connection.localDescription?.sdp ?? '')?.candidates.length ?? 0) > 0;
  while (!done()) {
    if (connection.connectionState === 'closed') throw new Error('hung up');
    if (performance.now() > deadline) throw new Error('ICE gathering did not end');
    await sleep(GATHERING_LOOK_MILLISECONDS);
  }
}
