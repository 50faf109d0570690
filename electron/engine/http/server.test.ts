import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, logIn, startEngine, type TestEngine, tokenOf, until, upgradeStatus } from '../testing/harness.fixture.ts';
import { startHttpServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { pathInside } from './static-files.ts';

let test: TestEngine;
let page: string;
let port = 0;
let own: string;

beforeEach(async () => {
  page = await mkdtemp(join(tmpdir(), 'sidetone-page-'));
  await fillPage(page);
  test = await startEngine({ pageFolder: page });
  port = test.engine.port;
  own = test.engine.url;
});
afterEach(async () => {
  await test.dispose();
  await rm(page, { recursive: true, force: true });
});

async function fillPage(page: string): Promise<void> {
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Sidetone</title>');
  await writeFile(join(page, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(join(page, '.secret.json'), '{}');
  await writeFile(join(page, 'notes.txt'), 'not part of the page');
  await symlink('/etc/hostname', join(page, 'outside.json')).catch(() => undefined);
}

const postToken = (token: unknown, headers: Record<string, string> = {}) =>
  ask(port, '/session', {
    method: 'POST',
    headers: { Origin: own, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });

describe('the page is served', () => {
  it('with a policy that lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await ask(port, '/');
    expect([status, body]).toEqual([200, '<!doctype html><title>Sidetone</title>']);
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]) {
      expect(policy.split('; ')).toContain(part);
    }
    expect(policy).toContain(`ws://127.0.0.1:${port}`);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('keeps the page fresh, and what has a digest in its name for ever', async () => {
    expect((await ask(port, '/')).headers['cache-control']).toBe('no-store');
    expect((await ask(port, '/assets/index-abc.js')).headers['cache-control']).toContain('immutable');
  });

  it('and nothing outside its folder, hidden, or of another kind', async () => {
    const paths = [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/../../x.json',
      '//etc/hostname',
    ];
    paths.push(
      '/.secret.json',
      '/notes.txt',
      '/outside.json',
      '/assets',
      '/assets/',
      '/%00.html',
      '/%',
      '/..\\x.json',
      '/nothing.js',
    );
    for (const path of paths) expect([path, (await ask(port, path)).status]).toEqual([path, 404]);
  });

  it('to GET and HEAD only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect([method, (await ask(port, '/', { method })).status]).toEqual([method, 405]);
    }
    expect(await ask(port, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it('and refuses headers and addresses of a size no page sends', async () => {
    expect((await ask(port, '/', { headers: { 'X-Large': 'x'.repeat(20_000) } })).status).toBe(400);
    expect((await ask(port, `/${'x'.repeat(4000)}`)).status).toBe(414);
  });

  it('under its own names only, so that no foreign name can be made to point here', async () => {
    for (const Host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect((await ask(port, '/', { headers: { Host } })).status).toBe(200);
    }
    for (const Host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1:${port}.evil.example`,
    ]) {
      const answer = await ask(port, '/', { headers: { Host } });
      expect([Host, answer.status, answer.body.includes('<title>')]).toEqual([Host, 421, false]);
    }
  });
});

describe('paths inside the page', () => {
  it('are plain or refused', () => {
    expect([pathInside('/'), pathInside('/assets/a.js')]).toEqual(['index.html', 'assets/a.js']);
    for (const path of ['', 'a', '/..', '/a/../b', '/a//b', '/./a', '/a\\b', '/%5c..%5cx'])
      expect(pathInside(path)).toBeUndefined();
  });
});

describe('logging in', () => {
  it('takes a token once, and gives a cookie that no script and no other site can use', async () => {
    const token = tokenOf(test.engine.pageUrl());
    const first = await postToken(token);
    expect(first.status).toBe(204);
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
    const Cookie = cookie.split(';')[0] ?? '';
    expect((await ask(port, '/session', { headers: { Cookie } })).status).toBe(204);
    expect((await postToken(token)).status).toBe(403);
  });

  it('gives each printed address a token of its own, of 128 bits', () => {
    const tokens = new Set(Array.from({ length: 10 }, () => tokenOf(test.engine.pageUrl())));
    expect(tokens.size).toBe(10);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(16);
  });

  it('refuses guesses, other sites, other kinds of content and floods', async () => {
    const token = tokenOf(test.engine.pageUrl());
    expect((await postToken('AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(403);
    expect((await postToken('')).status).toBe(400);
    expect((await postToken(7)).status).toBe(400);
    expect((await postToken(token, { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await postToken(token, { Origin: 'null' })).status).toBe(403);
    expect((await postToken(token, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await postToken('x'.repeat(5000))).status).toBe(413);
    const noOrigin = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    };
    expect((await ask(port, '/session', noOrigin)).status).toBe(403);
    // None of these used the token up.
    expect((await postToken(token)).status).toBe(204);
  });

  it('is asked of the page channel, together with its own origin', async () => {
    const channel = `ws://127.0.0.1:${port}/channel`;
    const Cookie = await logIn(test.engine);
    expect(await upgradeStatus(channel, { Origin: own, Cookie })).toBe(101);
    expect(await upgradeStatus(channel, { Origin: own })).toBe(401);
    expect(await upgradeStatus(channel, { Origin: own, Cookie: `${Cookie}x` })).toBe(401);
    expect(await upgradeStatus(channel, { Origin: 'http://evil.example', Cookie })).toBe(403);
    expect(await upgradeStatus(channel, { Cookie })).toBe(403);
    expect(await upgradeStatus(channel, { Origin: own, Cookie, Host: 'evil.example' })).toBe(421);
    expect(await upgradeStatus(`ws://127.0.0.1:${port}/other`, { Origin: own, Cookie })).toBe(404);
  });

  it('lets no web page pretend to be a device', async () => {
    expect(await upgradeStatus(`ws://127.0.0.1:${port}/link`, { Origin: own }, 'sidetone.1')).toBe(403);
    expect(await upgradeStatus(`ws://127.0.0.1:${port}/link`, {}, 'sidetone.1')).toBe(101);
  });
});

describe('a port that is taken', () => {
  it('is replaced by another, and said', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as { port: number }).port;
    const second = await startEngine({ port: taken });
    expect(second.engine.portTaken).toBe(taken);
    expect(second.engine.port).not.toBe(taken);
    expect(second.lines.join()).toContain(`port ${taken} is taken; using ${second.engine.port} instead`);
    await second.dispose();
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('a client that sends its headers drop by drop', () => {
  it('is cut off, and keeps nobody else waiting', async () => {
    const nothing = () => undefined;
    const server = await startHttpServer({
      ...{ port: 0, pageFolder: page, sessions: createSessions(), onChannel: nothing, onLink: nothing },
      log: { info: nothing, warning: nothing },
      headersWithinMilliseconds: 500,
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', nothing);
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`);
    const drops = setInterval(() => socket.write('X-Drop: 1\r\n'), 50);
    try {
      expect((await ask(server.port, '/')).status).toBe(200);
      await until('the cut', () => closed, 5000);
    } finally {
      clearInterval(drops);
      await server.dispose();
    }
  });
});

describe('stopping', () => {
  it('frees the port at once, with connections open', async () => {
    await ask(port, '/');
    await test.dispose();
    const again = createServer();
    await new Promise<void>((resolve, reject) => again.once('error', reject).listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => again.close(resolve));
  });
});
