/**
 * application/trickle-ice-sdpfrag (RFC 8840) as WHIP uses it (RFC 9725 sections 4.3.2 and 4.3.3): the few lines of an SDP
 * that change in an ICE restart. One bundled transport is all a call has here, so a fragment holds one.
 *
 *   a=group:BUNDLE 0
 *   m=audio 9 UDP/TLS/RTP/SAVPF 111
 *   a=mid:0
 *   a=ice-ufrag:ysXw
 *   a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k
 *   a=candidate:...
 *   a=end-of-candidates
 */
import { isCandidateLine, joinSdpLines, sdpLines } from './candidates.ts';

export interface IceFragment {
  readonly ufrag: string;
  readonly password: string;
  readonly mid: string;
  /** The `m=` line of the bundle's first section. */
  readonly mediaLine: string;
  /** Candidate lines with their `a=`. */
  readonly candidates: readonly string[];
}

export type FragmentResult =
  | { readonly ok: true; readonly fragment: IceFragment }
  | { readonly ok: false; readonly message: string };

// RFC 8839 section 5.4: ufrag 4 to 256 ice-chars, password 22 to 256.
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;
const DEFAULT_MEDIA_LINE = 'm=audio 9 UDP/TLS/RTP/SAVPF 0';

const firstValue = (lines: readonly string[], prefix: string): string | undefined =>
  lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);

/** Reads a fragment, or a whole SDP: what both have in common. Candidates may be none. */
export function parseFragment(text: string): FragmentResult {
  const lines = sdpLines(text);
  const stray = lines.find((line) => !/^[a-z]=/.test(line));
  if (stray !== undefined) return { ok: false, message: 'a line is not of the form x=value' };
  const ufrag = firstValue(lines, 'a=ice-ufrag:');
  const password = firstValue(lines, 'a=ice-pwd:');
  if (ufrag === undefined || !UFRAG.test(ufrag)) return { ok: false, message: 'a=ice-ufrag is missing or malformed' };
  if (password === undefined || !PASSWORD.test(password))
    return { ok: false, message: 'a=ice-pwd is missing or malformed' };
  return {
    ok: true,
    fragment: {
      ufrag,
      password,
      mid: firstValue(lines, 'a=mid:') ?? '0',
      mediaLine: lines.find((line) => line.startsWith('m=')) ?? DEFAULT_MEDIA_LINE,
      candidates: lines.filter(isCandidateLine),
    },
  };
}

/** What of this description goes into a PATCH; undefined when it has no ICE credentials. */
export function fragmentOf(sdp: string): IceFragment | undefined {
  const result = parseFragment(sdp);
  return result.ok ? result.fragment : undefined;
}

export const formatFragment = (fragment: IceFragment): string =>
  joinSdpLines([
    `a=group:BUNDLE ${fragment.mid}`,
    fragment.mediaLine.replace(/^(m=\w+) \d+ /, '$1 9 '),
    `a=mid:${fragment.mid}`,
    `a=ice-ufrag:${fragment.ufrag}`,
    `a=ice-pwd:${fragment.password}`,
    ...fragment.candidates,
    'a=end-of-candidates',
  ]);

/**
 * A description as it stands after an ICE restart: the old one with the fragment's credentials and candidates (in the first
 * media section, which carries the bundle) and the session version in `o=` raised, as RFC 8866 section 5.2 asks.
 */
export function withFragment(sdp: string, fragment: IceFragment): string {
  const out: string[] = [];
  let sections = 0;
  const closeFirstSection = () => out.push(...fragment.candidates, 'a=end-of-candidates');
  for (const line of sdpLines(sdp)) {
    if (line.startsWith('m=')) {
      if (sections === 1) closeFirstSection();
      sections += 1;
      out.push(line);
    } else if (line.startsWith('o=')) out.push(raiseVersion(line));
    else if (line.startsWith('a=ice-ufrag:')) out.push(`a=ice-ufrag:${fragment.ufrag}`);
    else if (line.startsWith('a=ice-pwd:')) out.push(`a=ice-pwd:${fragment.password}`);
    else if (!isCandidateLine(line) && line !== 'a=end-of-candidates') out.push(line);
  }
  if (sections === 1) closeFirstSection();
  return joinSdpLines(out);
}

// o=<username> <session id> <session version> ...: versions are 63-bit, beyond what a number holds.
const raiseVersion = (line: string): string =>
  line.replace(/^(o=\S+ \S+ )(\d+)/, (_all, head: string, version: string) => `${head}${BigInt(version) + 1n}`);
