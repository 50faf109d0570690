/**
 * The audio device on AVAudioEngine that forks of WebRTC use (webrtc-sdk audio_engine_device.mm), in its bare outline:
 * after the first start it restarts on an interruption edge and on nothing else.
 */
import type { Phone } from './phone.ts';

/** Does a change of canPlayOrRecord concern it? Only before it has ever run. */
export const engineHeedsCanPlay = (phone: Phone): boolean => phone.unit === 'uninitialized' && !phone.device.configured;

/** Does an end of interruption concern it? Only when it has seen the beginning. */
export const engineHeedsEnd = (phone: Phone): boolean => phone.device.interrupted;
