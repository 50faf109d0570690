/**
 * The relay's loopback HTTP, for the gateway:
 *   POST /fronts {"endpoint":"127.0.0.1:PORT","side":"phone"|"gateway"} -> 200 {"front":"127.0.0.1:PORT"}
 *   GET /state -> 200 {"path":{...},"counters":{...}}, for people and tests
 */
import { type HttpReply, type HttpRequest, problem } from '../loopback-http.ts';
import type { Side } from './fronts.ts';

export interface RelayDesk {
  register(port: number, side: Side): Promise<number>;
  state(): unknown;
}

const json = (status: number, body: unknown): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Reads the body of POST /fronts; a sentence when it is not what it should be. */
export function readFrontRequest(body: string): { readonly port: number; readonly side: Side } | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return 'the body must be JSON';
  }
  const { endpoint, side } = (parsed ?? {}) as { readonly endpoint?: unknown; readonly side?: unknown };
  const port = typeof endpoint === 'string' ? Number(/^127\.0\.0\.1:(\d{1,5})$/.exec(endpoint)?.[1]) : Number.NaN;
  if (!(port > 0 && port < 65_536)) return '"endpoint" must be 127.0.0.1:PORT';
  if (side !== 'phone' && side !== 'gateway') return '"side" must be phone or gateway';
  return { port, side };
}

export const relayDesk =
  (desk: RelayDesk) =>
  async (request: HttpRequest): Promise<HttpReply> => {
    if (request.path === '/state' && request.method === 'GET') return json(200, desk.state());
    if (request.path !== '/fronts') return problem(404, 'known here: POST /fronts, GET /state');
    if (request.method !== 'POST') return problem(405, 'fronts are made with POST', { allow: 'POST' });
    const asked = readFrontRequest(request.body);
    if (typeof asked === 'string') return problem(400, asked);
    return json(200, { front: `127.0.0.1:${await desk.register(asked.port, asked.side)}` });
  };
