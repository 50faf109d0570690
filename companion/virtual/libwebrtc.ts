/**
 * The part of libwebrtc (M106, through @roamhq/wrtc 0.10.0) that the phone uses, as types of our own: the package's types
 * need the DOM library. Three rules of the binding that everything here keeps:
 *   - a process that made an audio source ends by `process.exit`, never by itself (it would crash);
 *   - one process, one thread: never in worker threads, never inside a test runner's process;
 *   - sender.getStats and receiver.getStats are not implemented; a whole getStats takes 1.5 ms (0.12 % of a core per Hz).
 */
import { createRequire } from 'node:module';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export interface SessionDescription {
  readonly type: 'offer' | 'answer' | 'rollback';
  readonly sdp: string;
}
export interface AudioTrack {
  enabled: boolean;
  stop(): void;
}
/** One entry of a stats report; fields are read by name and checked where they are read. */
export type StatsEntry = Readonly<Record<string, unknown>>;
export type StatsReport = ReadonlyMap<string, StatsEntry>;
export interface CodecCapability {
  readonly mimeType: string;
}
export interface Transceiver {
  direction: Direction;
  readonly sender: { readonly transport: { readonly state: string } | null };
  setCodecPreferences(codecs: readonly CodecCapability[]): void;
}
export interface TrackEvent {
  readonly track: AudioTrack;
}
export interface PeerConnection {
  readonly connectionState: string;
  readonly iceConnectionState: string;
  readonly iceGatheringState: string;
  readonly signalingState: string;
  readonly localDescription: SessionDescription | null;
  createOffer(options?: { readonly iceRestart?: boolean }): Promise<SessionDescription>;
  setLocalDescription(description: { readonly type: string; readonly sdp?: string }): Promise<void>;
  setRemoteDescription(description: SessionDescription): Promise<void>;
  addTransceiver(track: AudioTrack, init: { readonly direction: Direction }): Transceiver;
  getStats(): Promise<StatsReport>;
  addEventListener(type: string, listener: (event: TrackEvent) => void): void;
  close(): void;
}
export interface AudioData {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channelCount: number;
}
export interface AudioSource {
  createTrack(): AudioTrack;
  onData(data: AudioData & { readonly bitsPerSample: 16; readonly numberOfFrames: number }): void;
}
export interface AudioSink {
  ondata: ((data: AudioData) => void) | null;
  stop(): void;
}
export interface Libwebrtc {
  readonly RTCPeerConnection: new (configuration: object) => PeerConnection;
  readonly nonstandard: {
    readonly RTCAudioSource: new () => AudioSource;
    readonly RTCAudioSink: new (track: AudioTrack) => AudioSink;
  };
}

export const loadLibwebrtc = (): Libwebrtc => createRequire(import.meta.url)('@roamhq/wrtc') as Libwebrtc;
