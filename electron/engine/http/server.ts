/**
 * The engine's one listener, on 127.0.0.1 only.
 *
 *   GET  /...        the built page
 *   POST /session    {"token": "..."} from the URL's fragment -> 204 and a cookie
 *   GET  /session    204 when the cookie is good, else 401: lets the page tell "not logged in" from "engine gone"
 *   WS   /channel    the page (cookie and own Origin)
 *   WS   /link       devices (no Origin: they are not pages)
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { Disposable, Log } from '../ports.ts';
import { isOwnHost, isOwnOrigin, securityHeaders } from './guards.ts';
import { cookieNameFor, type Sessions } from './sessions.ts';
import { readStaticFile } from './static-files.ts';

const ADDRESS = '127.0.0.1';
/** A local page needs a few milliseconds; a slow loris gets no more. */
const HEADERS_WITHIN_MILLISECONDS = 5000;
const REQUEST_WITHIN_MILLISECONDS = 10_000;
const KEEP_ALIVE_MILLISECONDS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_SESSION_BODY_BYTES = 1024;
/** Pages, devices and requests together; far above need, far below the usual limit of 1024 descriptors. */
const MAX_CONNECTIONS = 512;
const MAX_URL_LENGTH = 2048;

const sessionBody = z.object({ token: z.string().min(1).max(100) });

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpServerOptions {
  /** 0: any free one. When the port asked for is taken, another is used and `portTaken` says so. */
  readonly port: number;
  /** The built page; undefined where only the command line is used. */
  readonly pageFolder: string | undefined;
  readonly sessions: Sessions;
  /** Upgrades of pages, already checked. */
  readonly onChannel: UpgradeHandler;
  /** Upgrades of devices; Host is checked, and that no page asks. */
  readonly onLink: UpgradeHandler;
  readonly log: Log;
  /** Default: HEADERS_WITHIN_MILLISECONDS. */
  readonly headersWithinMilliseconds?: number;
}

export interface HttpServer extends Disposable {
  readonly port: number;
  /** The port that was asked for and could not be had. */
  readonly portTaken: number | undefined;
  dispose(): Promise<void>;
}

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const headersWithin = options.headersWithinMilliseconds ?? HEADERS_WITHIN_MILLISECONDS;
  const server = createServer({
    headersTimeout: headersWithin,
    requestTimeout: REQUEST_WITHIN_MILLISECONDS,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: headersWithin / 5,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const refused = await listen(server, options.port);
  const port = (server.address() as AddressInfo).port;
  if (refused !== undefined) {
    const why = refused === 'EACCES' ? 'may not be used by this user' : 'is taken';
    options.log.warning(`port ${options.port} ${why}; using ${port} instead`);
  }
  const handler = new RequestHandler(options, port);
  server.on('request', (request, response) => void handler.answer(request, response));
  server.on('upgrade', (request, socket, head) => handler.upgrade(request, socket, head));
  server.on('clientError', (_error, socket) => {
    // Ended alone, a client that goes on sending would keep its half open for as long as it likes.
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', () => socket.destroy());
    else socket.destroy();
  });
  return {
    port,
    portTaken: refused === undefined ? undefined : options.port,
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Resolves with why the port could not be had, when another had to be used. Rejects on any other failure. */
async function listen(server: Server, port: number): Promise<'EADDRINUSE' | 'EACCES' | undefined> {
  const tryPort = (candidate: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: ADDRESS, port: candidate, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await tryPort(port);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (port === 0 || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
    await tryPort(0);
    return code;
  }
}

class RequestHandler {
  readonly #options: HttpServerOptions;
  readonly #port: number;

  constructor(options: HttpServerOptions, port: number) {
    this.#options = options;
    this.#port = port;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    try {
      const host = request.headers.host;
      if (!isOwnHost(host, this.#port) || host === undefined) {
        return end(response, 421, 'This server answers to 127.0.0.1 and localhost only.');
      }
      for (const [name, value] of Object.entries(securityHeaders(host))) response.setHeader(name, value);
      const url = request.url ?? '/';
      if (url.length > MAX_URL_LENGTH) return end(response, 414, 'The address is too long.');
      const path = url.split('?', 1)[0] ?? '/';
      if (path === '/session') return await this.#session(request, response);
      if (path === '/channel' || path === '/link') return end(response, 426, 'This address is for WebSockets.');
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        return end(response, 405, 'Only GET and HEAD.');
      }
      await this.#file(path, request, response);
    } catch (error) {
      this.#options.log.warning(`a request failed: ${String(error)}`);
      if (!response.headersSent) end(response, 500, 'Something went wrong here.');
      else response.destroy();
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    const refuse = (status: number, reason: string): void => {
      socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        socket.destroy(),
      );
    };
    const path = (request.url ?? '').split('?', 1)[0];
    const origin = request.headers.origin;
    if (!isOwnHost(request.headers.host, this.#port)) refuse(421, 'Misdirected Request');
    else if (path === '/channel') {
      if (!isOwnOrigin(origin, this.#port)) refuse(403, 'Forbidden');
      else if (!this.#isLoggedIn(request)) refuse(401, 'Unauthorized');
      else this.#options.onChannel(request, socket, head);
    } else if (path === '/link') {
      if (origin !== undefined) refuse(403, 'Forbidden');
      else this.#options.onLink(request, socket, head);
    } else refuse(404, 'Not Found');
  }

  #isLoggedIn(request: IncomingMessage): boolean {
    return this.#options.sessions.isKnown(request.headers.cookie, cookieNameFor(this.#port));
  }

  async #session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'GET') {
      return this.#isLoggedIn(request)
        ? end(response, 204, '')
        : end(response, 401, 'Open the address that Sidetone printed.');
    }
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'GET, POST');
      return end(response, 405, 'Only GET and POST.');
    }
    if (!isOwnOrigin(request.headers.origin, this.#port)) {
      return end(response, 403, 'Only the page itself may log in.');
    }
    if (request.headers['content-type']?.split(';', 1)[0]?.trim() !== 'application/json') {
      return end(response, 415, 'Send application/json.');
    }
    const body = await readBody(request, MAX_SESSION_BODY_BYTES);
    if (body === undefined) {
      response.setHeader('Connection', 'close');
      return end(response, 413, 'Too much.');
    }
    const token = parseToken(body);
    if (token === undefined) return end(response, 400, 'Send {"token": "..."}.');
    const cookie = this.#options.sessions.exchange(token);
    if (cookie === undefined) {
      return end(response, 403, 'This address was used already. Open a fresh one: it is printed where Sidetone runs.');
    }
    response.setHeader('Set-Cookie', `${cookieNameFor(this.#port)}=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
    end(response, 204, '');
  }

  async #file(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const folder = this.#options.pageFolder;
    const file = folder === undefined ? undefined : await readStaticFile(folder, path);
    if (file === undefined) {
      const hint = path === '/' ? 'The page is not built: run npm start, which builds it.' : 'Not found.';
      return end(response, path === '/' ? 503 : 404, hint);
    }
    response.setHeader('Content-Type', file.contentType);
    response.setHeader('Content-Length', file.body.length);
    response.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-store');
    response.statusCode = 200;
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }
}

function parseToken(body: string): string | undefined {
  try {
    const result = sessionBody.safeParse(JSON.parse(body));
    return result.success ? result.data.token : undefined;
  } catch {
    return undefined;
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  if (text !== '') response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}

/** The body as text; undefined when it is larger than allowed. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
