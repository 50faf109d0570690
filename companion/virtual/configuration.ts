/**
 * What a simulated phone is started with: one JSON argument, the same for both ends.
 *
 *   { link, benchId, clock: { id, epochNanos }, profile, gateway, voice, speakerLog? }
 */
import type { IphoneProfile } from '../../shared/iphone/interface.ts';
import { OS_VERSIONS, POLICIES } from '../../shared/iphone/interface.ts';
import { VOICE_KINDS, type VoiceKind } from '../../shared/pcm/voice.ts';

export interface Configuration {
  /** ws://127.0.0.1:PORT/link of the engine. */
  readonly link: string;
  readonly benchId: string;
  readonly clock: { readonly id: string; readonly epochNanos: bigint };
  readonly profile: IphoneProfile;
  /** http://127.0.0.1:PORT of the gateway. */
  readonly gateway: string;
  readonly voice: VoiceKind;
  /** Where every frame at the speaker is written; nothing is written without it. */
  readonly speakerLog?: string;
}
export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOneOf = <T extends string>(values: readonly T[], value: unknown): value is T =>
  (values as readonly unknown[]).includes(value);

/** Reads `argv[2]`. Never throws; the message says what is wrong and what is expected. */
export function readConfiguration(text: string | undefined): ConfigurationResult {
  const wrong = (message: string): ConfigurationResult => ({ ok: false, message });
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return wrong('expected one JSON argument: { link, benchId, clock, profile, gateway, voice }');
  }
  if (!isFields(value)) return wrong('expected a JSON object');
  const { link, benchId, clock, profile, gateway, voice, speakerLog } = value;
  if (typeof link !== 'string' || !link.startsWith('ws://127.0.0.1:')) return wrong('link: expected ws://127.0.0.1:…');
  if (typeof benchId !== 'string' || benchId === '') return wrong('benchId: expected a name');
  if (typeof gateway !== 'string' || !gateway.startsWith('http://127.0.0.1:')) {
    return wrong('gateway: expected http://127.0.0.1:…');
  }
  if (!isOneOf(VOICE_KINDS, voice)) return wrong(`voice: expected one of ${VOICE_KINDS.join(', ')}`);
  if (!isFields(clock) || typeof clock['id'] !== 'string' || !/^\d{1,20}$/.test(String(clock['epochNanos']))) {
    return wrong('clock: expected { id, epochNanos: "digits" }');
  }
  if (speakerLog !== undefined && typeof speakerLog !== 'string') return wrong('speakerLog: expected a path');
  const read = readProfile(profile);
  if (typeof read === 'string') return wrong(read);
  return {
    ok: true,
    configuration: {
      link,
      benchId,
      clock: { id: clock['id'], epochNanos: BigInt(String(clock['epochNanos'])) },
      profile: read,
      gateway,
      voice,
      ...(speakerLog === undefined ? {} : { speakerLog }),
    },
  };
}

function readProfile(value: unknown): IphoneProfile | string {
  if (!isFields(value)) return 'profile: expected { os, policy, callKit, manualAudio, audioDevice, seed }';
  const { os, policy, callKit, manualAudio, audioDevice, seed } = value;
  if (!isOneOf(OS_VERSIONS, os)) return `profile.os: expected one of ${OS_VERSIONS.join(', ')}`;
  if (!isOneOf(POLICIES, policy)) return `profile.policy: expected one of ${POLICIES.join(', ')}`;
  if (typeof callKit !== 'boolean') return 'profile.callKit: expected true or false';
  if (typeof manualAudio !== 'boolean') return 'profile.manualAudio: expected true or false';
  if (!isOneOf(['audioUnit', 'audioEngine'] as const, audioDevice)) {
    return 'profile.audioDevice: expected audioUnit or audioEngine';
  }
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) return 'profile.seed: expected a whole number';
  return { os, policy, callKit, manualAudio, audioDevice, seed };
}
