import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, MAX_BODY_BYTES, serveLoopback } from './loopback-http.ts';

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** fetch does not let a caller choose the Host header. */
const ask = (address: string, host: string, body = ''): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(address, { method: 'POST', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
  });

describe('the loopback server', () => {
  it('answers to its own names only', async () => {
    server = await serveLoopback(() => Promise.resolve({ status: 200 }));
    const { host, port } = new URL(server.address);
    expect(await ask(server.address, host)).toBe(200);
    expect(await ask(server.address, `localhost:${port}`)).toBe(200);
    expect(await ask(server.address, 'attacker.example')).toBe(403);
    expect(await ask(server.address, `attacker.example:${port}`)).toBe(403);
  });

  it('refuses a body over the limit and lives on', async () => {
    server = await serveLoopback(({ body }) => Promise.resolve({ status: 200, body: String(body.length) }));
    const { host } = new URL(server.address);
    expect(await ask(server.address, host, 'x'.repeat(MAX_BODY_BYTES + 1))).toBe(413);
    expect(await ask(server.address, host, 'x'.repeat(MAX_BODY_BYTES))).toBe(200);
  });

  it('turns a thrown error into a 500', async () => {
    server = await serveLoopback(() => Promise.reject(new Error('on purpose')));
    expect(await ask(server.address, new URL(server.address).host)).toBe(500);
  });
});
