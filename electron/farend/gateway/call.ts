/** One call at the gateway: a peer connection that answers, speaks the agent's voice and hands over what it hears. */
import { formatFragment, fragmentOf, type IceFragment, withFragment } from '../../../shared/signalling/fragment.ts';
import type { RelayClient } from './relay-client.ts';
import {
  type AudioData,
  type AudioSink,
  type AudioSource,
  createAudioSink,
  createPeerConnection,
  gathered,
  type PeerConnection,
  type Track,
} from './wrtc.ts';

export interface CallListeners {
  readonly onStates: (peerConnection: string, iceConnection: string) => void;
  readonly onFrame: (data: AudioData) => void;
  readonly onClosed: () => void;
}

export interface Call {
  readonly connection: PeerConnection;
  /** The remote ufrag in force: a fragment that names it is trickle, one that does not is a restart. */
  readonly remoteUfrag: string;
  answer(): string;
  /** The phone's new credentials; returns ours. */
  restart(fragment: IceFragment): Promise<string>;
  /** More candidates of the phone for the present generation. */
  trickle(fragment: IceFragment): Promise<void>;
  /** The audio the phone sends, once there is a track. */
  readonly remoteTrack: Track | undefined;
  close(): void;
}

/** Answers `offer`. Throws when libwebrtc refuses the SDP, or RelayError. */
export async function answerCall(
  offer: string,
  relay: RelayClient,
  source: AudioSource,
  listeners: CallListeners,
): Promise<Call> {
  const connection = createPeerConnection();
  const localTrack = source.createTrack();
  let sink: AudioSink | undefined;
  let remoteTrack: Track | undefined;
  let remoteSdp = await relay.behindFronts(offer, 'phone');
  let localSdp = '';
  let remoteUfrag = fragmentOf(remoteSdp)?.ufrag ?? '';

  const tellStates = () => listeners.onStates(connection.connectionState, connection.iceConnectionState);
  connection.onconnectionstatechange = tellStates;
  connection.oniceconnectionstatechange = tellStates;
  connection.ontrack = ({ track }) => {
    // Fires again after some renegotiations: two sinks would count every frame twice.
    sink?.stop();
    remoteTrack = track;
    sink = createAudioSink(track);
    sink.ondata = listeners.onFrame;
  };
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    listeners.onClosed();
    sink?.stop();
    if (sink !== undefined) sink.ondata = null;
    connection.onconnectionstatechange = null;
    connection.oniceconnectionstatechange = null;
    connection.ontrack = null;
    connection.close();
    localTrack.stop();
  };
  const answerNow = async (): Promise<string> => {
    await connection.setRemoteDescription({ type: 'offer', sdp: remoteSdp });
    await connection.setLocalDescription(await connection.createAnswer());
    return relay.behindFronts((await gathered(connection)).sdp, 'gateway');
  };

  try {
    connection.addTrack(localTrack);
    localSdp = await answerNow();
  } catch (error) {
    close();
    throw error;
  }
  return {
    connection,
    get remoteUfrag() {
      return remoteUfrag;
    },
    get remoteTrack() {
      return remoteTrack;
    },
    answer: () => localSdp,
    async restart(fragment) {
      // RFC 9725: all but the fragment's lines stay as they were in the last offer.
      const next = fragmentOf(await relay.behindFronts(formatFragment(fragment), 'phone'));
      if (next === undefined) throw new Error('the fragment did not survive rewriting');
      remoteSdp = withFragment(remoteSdp, next);
      localSdp = await answerNow();
      remoteUfrag = next.ufrag;
      const own = fragmentOf(localSdp);
      if (own === undefined) throw new Error('our own answer has no ICE credentials');
      return formatFragment(own);
    },
    async trickle(fragment) {
      const next = fragmentOf(await relay.behindFronts(formatFragment(fragment), 'phone'));
      for (const line of next?.candidates ?? [])
        await connection.addIceCandidate({ candidate: line.slice('a='.length), sdpMid: fragment.mid });
    },
    close,
  };
}
