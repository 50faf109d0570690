/** The part of @roamhq/wrtc the far end uses, typed here because its own types need the DOM's. */
import { createRequire } from 'node:module';

export interface AudioData {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly bitsPerSample?: number;
  readonly channelCount?: number;
  readonly numberOfFrames?: number;
}
export interface Track {
  readonly kind: string;
  stop(): void;
}
export interface AudioSource {
  createTrack(): Track;
  /** Exactly 10 ms, each call with an array of its own. */
  onData(data: AudioData): void;
}
export interface AudioSink {
  ondata: ((data: AudioData) => void) | null;
  stop(): void;
}
export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}
export interface Receiver {
  getStats?(): Promise<StatsReport>;
}
export type StatsReport = ReadonlyMap<string, Readonly<Record<string, unknown>>>;
export interface PeerConnection {
  readonly connectionState: string;
  readonly iceConnectionState: string;
  readonly iceGatheringState: string;
  readonly signalingState: string;
  readonly localDescription: Description | null;
  ontrack: ((event: { readonly track: Track; readonly receiver: Receiver }) => void) | null;
  onconnectionstatechange: (() => void) | null;
  oniceconnectionstatechange: (() => void) | null;
  onicegatheringstatechange: (() => void) | null;
  addTrack(track: Track): unknown;
  createOffer(options?: { readonly iceRestart?: boolean }): Promise<Description>;
  createAnswer(): Promise<Description>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: { readonly candidate: string; readonly sdpMid: string }): Promise<void>;
  getStats(selector?: Track): Promise<StatsReport>;
  close(): void;
}
interface Wrtc {
  readonly RTCPeerConnection: new (configuration?: object) => PeerConnection;
  readonly nonstandard: {
    readonly RTCAudioSource: new () => AudioSource;
    readonly RTCAudioSink: new (track: Track) => AudioSink;
  };
}

const wrtc = createRequire(import.meta.url)('@roamhq/wrtc') as Wrtc;

export const createPeerConnection = (): PeerConnection => new wrtc.RTCPeerConnection();
export const createAudioSource = (): AudioSource => new wrtc.nonstandard.RTCAudioSource();
export const createAudioSink = (track: Track): AudioSink => new wrtc.nonstandard.RTCAudioSink(track);

/** Loopback gathering takes 10 to 30 ms; a machine under load has needed ten times that. */
const GATHER_WITHIN_MILLISECONDS = 3000;

/** The local description with all its candidates. Throws when gathering does not end. */
export async function gathered(connection: PeerConnection): Promise<Description> {
  if (connection.iceGatheringState !== 'complete')
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('ICE gathering did not end')), GATHER_WITHIN_MILLISECONDS);
      connection.onicegatheringstatechange = () => {
        if (connection.iceGatheringState !== 'complete') return;
        clearTimeout(limit);
        connection.onicegatheringstatechange = null;
        resolve();
      };
    });
  const description = connection.localDescription;
  if (description === null) throw new Error('there is no local description');
  return description;
}
