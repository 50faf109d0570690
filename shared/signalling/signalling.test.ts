import { describe, expect, it } from 'vitest';
import { behindFronts, loopbackEndpoint, loopbackEndpoints, sdpLines, withEndpoint } from './candidates.ts';
import { formatFragment, fragmentOf, parseFragment, withFragment } from './fragment.ts';

const LOOPBACK = 'a=candidate:1 1 udp 2122194687 127.0.0.1 40001 typ host generation 0 ufrag aB3x network-id 1';
const LAN = 'a=candidate:2 1 udp 2122260223 192.168.1.7 40002 typ host generation 0 ufrag aB3x network-id 2';
const TCP = 'a=candidate:3 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active generation 0';
const V6 = 'a=candidate:4 1 udp 2122131711 ::1 40003 typ host generation 0';
const SDP = [
  'v=0',
  'o=- 9223372036854775806 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 40002 UDP/TLS/RTP/SAVPF 111 0',
  'c=IN IP4 192.168.1.7',
  'a=rtcp:9 IN IP4 0.0.0.0',
  LOOPBACK,
  LAN,
  TCP,
  V6,
  'a=ice-ufrag:aB3x',
  'a=ice-pwd:0123456789012345678901ab',
  'a=fingerprint:sha-256 AA:BB',
  'a=mid:0',
  'a=sendrecv',
  '',
].join('\r\n');

describe('candidates', () => {
  it('only UDP on 127.0.0.1 counts as a loopback endpoint', () => {
    expect(loopbackEndpoint(LOOPBACK)).toEqual({ address: '127.0.0.1', port: 40001 });
    for (const line of [LAN, TCP, V6, 'a=sendrecv', 'a=candidate:1 1 udp 1 127.0.0.1 99999 typ host'])
      expect(loopbackEndpoint(line)).toBeUndefined();
    expect(loopbackEndpoints(SDP)).toEqual([{ address: '127.0.0.1', port: 40001 }]);
  });

  it('point elsewhere with nothing else changed, with or without a=', () => {
    const front = { address: '127.0.0.1', port: 5 };
    expect(withEndpoint(LOOPBACK, front)).toBe(LOOPBACK.replace('40001', '5'));
    expect(withEndpoint(LOOPBACK.slice(2), front)).toBe(LOOPBACK.slice(2).replace('40001', '5'));
  });

  it('an SDP behind fronts names no real endpoint and no LAN address', () => {
    const rewritten = behindFronts(SDP, ({ port }) => ({ address: '127.0.0.1', port: port + 10_000 }));
    expect(sdpLines(rewritten).filter((line) => line.startsWith('a=candidate:'))).toEqual([
      LOOPBACK.replace('40001', '50001'),
    ]);
    expect(rewritten).not.toContain('192.168');
    expect(rewritten).not.toContain('40001');
    expect(rewritten).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n');
    expect(behindFronts(SDP, () => undefined)).not.toContain('a=candidate:');
  });
});

describe('fragments', () => {
  it('come back from their text as they went', () => {
    const fragment = fragmentOf(SDP);
    if (fragment === undefined) throw new Error('no fragment');
    expect(fragment.candidates).toHaveLength(4);
    const again = parseFragment(formatFragment(fragment));
    expect(again).toEqual({ ok: true, fragment: { ...fragment, mediaLine: 'm=audio 9 UDP/TLS/RTP/SAVPF 111 0' } });
  });

  it('read the example of RFC 9725 figure 5', () => {
    const text =
      'a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\na=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n';
    const result = parseFragment(text);
    expect(result.ok && result.fragment.ufrag).toBe('ysXw');
    expect(result.ok && result.fragment.candidates).toHaveLength(1);
  });

  it('are refused with a reason when credentials are missing or malformed, or a line is no SDP', () => {
    for (const text of [
      '',
      'a=ice-ufrag:ysXw\r\n',
      'a=ice-ufrag:y w\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k',
      '{"json":1}',
    ])
      expect(parseFragment(text)).toMatchObject({ ok: false, message: expect.stringMatching(/\w/) });
  });

  it('renew a description: credentials, candidates and version change, all else stays', () => {
    const renewed = withFragment(SDP, {
      ufrag: 'nEw1',
      password: 'newpassword0123456789abc',
      mid: '0',
      mediaLine: '',
      candidates: [LOOPBACK.replace('40001', '7')],
    });
    const lines = sdpLines(renewed);
    expect(lines).toContain('o=- 9223372036854775806 3 IN IP4 127.0.0.1');
    expect(lines).toContain('a=ice-ufrag:nEw1');
    expect(lines).toContain('a=ice-pwd:newpassword0123456789abc');
    expect(lines.filter((line) => line.startsWith('a=candidate:'))).toEqual([LOOPBACK.replace('40001', '7')]);
    const stays = (line: string) => !/^(o=|a=ice-|a=candidate:|a=end-of)/.test(line);
    expect(lines.filter(stays)).toEqual(sdpLines(SDP).filter(stays));
    expect(fragmentOf(renewed)?.ufrag).toBe('nEw1');
  });

  it('put candidates into the first section of a bundle only', () => {
    const two = `${SDP}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n`;
    const fragment = fragmentOf(SDP);
    if (fragment === undefined) throw new Error('no fragment');
    const lines = sdpLines(withFragment(two, fragment));
    expect(lines.lastIndexOf('a=end-of-candidates')).toBeLessThan(lines.lastIndexOf('m=audio 9 UDP/TLS/RTP/SAVPF 0'));
    expect(lines.filter((line) => line === LOOPBACK)).toHaveLength(1);
  });
});
