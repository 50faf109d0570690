/** AVAudioSession error codes. Source: AVAudioSession.h SDK 27 and CoreAudioTypes AudioSessionTypes.h. */
export const ERROR_DOMAIN = 'NSOSStatusErrorDomain';

export interface ErrorRow {
  readonly name: string;
  readonly code: number;
  /** The code's four bytes as text, where it is one. */
  readonly fourCC?: string;
  readonly when: string;
}

/** The number that a four-character code is. */
export const fourCCToCode = (fourCC: string): number => {
  let code = 0;
  for (const character of fourCC) code = code * 256 + character.charCodeAt(0);
  return code;
};
const row = (name: string, fourCC: string, when: string): ErrorRow => ({
  name,
  code: fourCCToCode(fourCC),
  fourCC,
  when,
});

export const ERRORS = {
  isBusy: row('isBusy', '!act', 'deactivated while I/O runs (iOS 8 to 25; from 26 on it succeeds)'),
  incompatibleCategory: row('incompatibleCategory', '!cat', 'the category does not support the operation'),
  cannotInterruptOthers: row('cannotInterruptOthers', '!int', 'a non-mixable session activated from the background'),
  missingEntitlement: row(
    'missingEntitlement',
    'ent?',
    'entitlement missing; seen when CallKit owns the session (B01)',
  ),
  siriIsRecording: row('siriIsRecording', 'siri', 'not allowed while Siri records'),
  cannotStartPlaying: row('cannotStartPlaying', '!pla', 'no audio background mode, or the wrong category'),
  cannotStartRecording: row('cannotStartRecording', '!rec', 'mixable recording started from the background'),
  badParam: { name: 'badParam', code: -50, when: 'an illegal value or combination' },
  insufficientPriority: row(
    'insufficientPriority',
    '!pri',
    'another app hosts a call, or Phone or CallKit controls it',
  ),
  resourceNotAvailable: row('resourceNotAvailable', '!res', 'no input hardware or the like'),
  mediaServicesFailed: row('mediaServicesFailed', 'msrv', 'from a media server failure until its reset'),
  expiredSession: row('expiredSession', '!ses', 'the session was destroyed'),
  sessionNotActive: row('sessionNotActive', 'inac', 'the session must be active for this'),
  unspecified: row('unspecified', 'what', 'nothing more is known'),
} as const satisfies Readonly<Record<string, ErrorRow>>;
export type ErrorName = keyof typeof ERRORS;

const BY_CODE: ReadonlyMap<number, ErrorRow> = new Map(Object.values(ERRORS).map((error) => [error.code, error]));
export const errorByCode = (code: number): ErrorRow | undefined => BY_CODE.get(code);

/** As it goes over the wire. */
export const wireError = (name: ErrorName): { domain: string; code: number; fourCC?: string; name: string } => {
  const error: ErrorRow = ERRORS[name];
  return {
    domain: ERROR_DOMAIN,
    code: error.code,
    ...(error.fourCC === undefined ? {} : { fourCC: error.fourCC }),
    name: error.name,
  };
};
