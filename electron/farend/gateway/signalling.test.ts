import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../loopback-http.ts';
import type { Call } from './call.ts';
import { RelayError } from './relay-client.ts';
import { createSignalling, FRAGMENT_TYPE, preconditionOf, SDP_TYPE } from './signalling.ts';

const OFFER =
  'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:aB3x\r\na=ice-pwd:0123456789012345678901ab\r\na=mid:0\r\n';
const fragment = (ufrag: string) => `a=ice-ufrag:${ufrag}\r\na=ice-pwd:0123456789012345678901ab\r\na=mid:0\r\n`;

function desk(fail?: Error) {
  const log: string[] = [];
  let calls = 0;
  const signalling = createSignalling((): Promise<Call> => {
    if (fail !== undefined) return Promise.reject(fail);
    calls += 1;
    const name = `call ${calls}`;
    let ufrag = 'aB3x';
    return Promise.resolve({
      connection: undefined as never,
      remoteTrack: undefined,
      get remoteUfrag() {
        return ufrag;
      },
      answer: () => 'the answer',
      restart: (next) => {
        ufrag = next.ufrag;
        log.push(`${name} restarts`);
        return Promise.resolve('the fragment');
      },
      trickle: () => {
        log.push(`${name} trickles`);
        return Promise.resolve();
      },
      close: () => log.push(`${name} closes`),
    });
  });
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body = '') => {
    const request: HttpRequest = { method, path, headers, body };
    return signalling.answer(request);
  };
  const post = () => ask('POST', '/calls', { 'content-type': SDP_TYPE }, OFFER);
  return { ask, post, log };
}

describe('signalling', () => {
  it('answers an offer with 201, a location and an entity tag', async () => {
    const reply = await desk().post();
    expect(reply).toMatchObject({ status: 201, body: 'the answer' });
    expect(reply.headers?.['location']).toMatch(/^\/calls\/[0-9a-f]+$/);
    expect(reply.headers?.['etag']).toMatch(/^"[0-9a-f]+"$/);
    expect(reply.headers?.['content-type']).toBe(SDP_TYPE);
  });

  it('restarts ICE on a fragment with a new ufrag and gives a new tag; the same ufrag only trickles', async () => {
    const { ask, post, log } = desk();
    const posted = await post();
    const location = posted.headers?.['location'] ?? '';
    const tag = posted.headers?.['etag'] ?? '';
    const patch = (match: string, ufrag: string) =>
      ask('PATCH', location, { 'content-type': FRAGMENT_TYPE, 'if-match': match }, fragment(ufrag));
    const restarted = await patch('*', 'nEw1');
    expect(restarted).toMatchObject({ status: 200, body: 'the fragment' });
    const newTag = restarted.headers?.['etag'] ?? '';
    expect(newTag).not.toBe(tag);
    expect((await patch(tag, 'nEw2')).status).toBe(412);
    expect((await patch(newTag, 'nEw1')).status).toBe(204);
    expect((await patch('"*"', 'nEw2')).status).toBe(200);
    expect(log).toEqual(['call 1 restarts', 'call 1 trickles', 'call 1 restarts']);
  });

  it('ends a call with DELETE, and its address is gone', async () => {
    const { ask, post, log } = desk();
    const location = (await post()).headers?.['location'] ?? '';
    expect((await ask('DELETE', location)).status).toBe(200);
    expect((await ask('DELETE', location)).status).toBe(404);
    expect(log).toEqual(['call 1 closes']);
  });

  it('lets a new offer take the place of a dead call', async () => {
    const { ask, post, log } = desk();
    const first = (await post()).headers?.['location'] ?? '';
    const second = (await post()).headers?.['location'] ?? '';
    expect(log).toEqual(['call 1 closes']);
    expect((await ask('DELETE', first)).status).toBe(404);
    expect((await ask('DELETE', second)).status).toBe(200);
  });

  it('refuses what is not to be had with the status the RFC names', async () => {
    const { ask, post } = desk();
    const location = (await post()).headers?.['location'] ?? '';
    const sdpfrag = { 'content-type': FRAGMENT_TYPE };
    expect(await ask('GET', '/calls')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(await ask('GET', location)).toMatchObject({ status: 405, headers: { allow: 'PATCH, DELETE' } });
    expect((await ask('GET', '/elsewhere')).status).toBe(404);
    expect((await ask('POST', '/calls', { 'content-type': 'text/plain' }, OFFER)).status).toBe(415);
    expect((await ask('POST', '/calls', { 'content-type': SDP_TYPE }, 'v=0\r\nnothing')).status).toBe(400);
    expect((await ask('PATCH', location, { 'content-type': SDP_TYPE, 'if-match': '*' })).status).toBe(415);
    expect((await ask('PATCH', location, sdpfrag, fragment('nEw1'))).status).toBe(428);
    expect((await ask('PATCH', location, { ...sdpfrag, 'if-match': '"other"' }, fragment('nEw1'))).status).toBe(412);
    expect((await ask('PATCH', location, { ...sdpfrag, 'if-match': '*' }, 'rubbish')).status).toBe(400);
  });

  it('tells a relay that is not there from an offer that is wrong', async () => {
    expect((await desk(new RelayError('no relay')).post()).status).toBe(502);
    expect(await desk(new Error('bad SDP')).post()).toMatchObject({ status: 400, body: 'bad SDP\n' });
  });
});

describe('If-Match', () => {
  it('reads lists, stars and the quoted star of RFC 9725’s example', () => {
    expect(preconditionOf(undefined, 'a')).toBe('missing');
    expect(preconditionOf('*', 'a')).toBe('any');
    expect(preconditionOf('"*"', 'a')).toBe('any');
    expect(preconditionOf('"b", "a"', 'a')).toBe('match');
    expect(preconditionOf('a', 'a')).toBe('mismatch');
  });
});
