/**
 * ICE candidates inside SDP text (RFC 8839 section 5.1):
 *
 *   a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> ...
 *
 * Text in, text out. Lines end in CRLF in SDP; bare LF is read too.
 */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const CANDIDATE = /^(?:a=)?(candidate:\S+ \d+ )(\S+)( \d+ )(\S+) (\d+)( typ .*)$/;
export const LOOPBACK_ADDRESS = '127.0.0.1';

/** The lines of an SDP or fragment, without their ends and without empty ones. */
export const sdpLines = (sdp: string): readonly string[] => sdp.split(/\r\n|\n|\r/).filter((line) => line !== '');
export const joinSdpLines = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

export const isCandidateLine = (line: string): boolean => line.startsWith('a=candidate:');

/** Where a candidate line points when it is UDP on 127.0.0.1; undefined for any other candidate or line. */
export function loopbackEndpoint(line: string): Endpoint | undefined {
  const match = CANDIDATE.exec(line);
  const [, , transport, , address, port] = match ?? [];
  if (transport?.toLowerCase() !== 'udp' || address !== LOOPBACK_ADDRESS) return undefined;
  const number = Number(port);
  return number > 0 && number <= 65_535 ? { address, port: number } : undefined;
}

/** The same candidate line pointing elsewhere; a line that is no candidate comes back as it was. */
export const withEndpoint = (line: string, endpoint: Endpoint): string =>
  line.replace(
    CANDIDATE,
    (_all, head: string, transport: string, priority: string, _address, _port, rest: string) =>
      `${line.startsWith('a=') ? 'a=' : ''}${head}${transport}${priority}${endpoint.address} ${endpoint.port}${rest}`,
  );

/** Every loopback endpoint that candidates in this SDP or fragment name, once each, in order. */
export function loopbackEndpoints(sdp: string): readonly Endpoint[] {
  const seen = new Map<number, Endpoint>();
  for (const line of sdpLines(sdp)) {
    const endpoint = isCandidateLine(line) ? loopbackEndpoint(line) : undefined;
    if (endpoint !== undefined) seen.set(endpoint.port, endpoint);
  }
  return [...seen.values()];
}

/**
 * Keeps only loopback UDP candidates and points each at the front that stands before its endpoint. Candidates without a
 * front are left out; so are the default addresses in `c=`, `m=` and `a=rtcp:`, which would name a LAN address of this machine.
 */
export function behindFronts(sdp: string, frontOf: (endpoint: Endpoint) => Endpoint | undefined): string {
  const out: string[] = [];
  for (const line of sdpLines(sdp)) {
    if (isCandidateLine(line)) {
      const endpoint = loopbackEndpoint(line);
      const front = endpoint === undefined ? undefined : frontOf(endpoint);
      if (front !== undefined) out.push(withEndpoint(line, front));
    } else if (line.startsWith('c=IN ')) out.push('c=IN IP4 0.0.0.0');
    else if (line.startsWith('a=rtcp:')) out.push('a=rtcp:9 IN IP4 0.0.0.0');
    else out.push(line.replace(/^(m=\w+) [1-9]\d* /, '$1 9 '));
  }
  return joinSdpLines(out);
}
