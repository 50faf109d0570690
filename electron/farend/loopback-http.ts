/** A small HTTP server on 127.0.0.1: Host checked (against DNS rebinding), bodies bounded, every failure an answer. */
import { createServer, type IncomingMessage } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  close(): Promise<void>;
}

/** The largest SDP libwebrtc makes for one audio section is under 8 KiB; a peer must not make us buffer more than this. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Bodies arrive at once on loopback; one that does not is no friend. */
const REQUEST_LIMIT_MILLISECONDS = 5000;

export const problem = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: `${message}\n`,
});

/** The media type without parameters, in lower case; empty when there is none. */
export const mediaType = (request: HttpRequest): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Serves `answer` on a free loopback port. What `answer` throws becomes a 500 with a line on stderr. */
export async function serveLoopback(answer: (request: HttpRequest) => Promise<HttpReply>): Promise<LoopbackServer> {
  let hosts: ReadonlySet<string> = new Set();
  const reply = async (request: IncomingMessage): Promise<HttpReply> => {
    if (!hosts.has(request.headers.host ?? '')) return problem(403, 'this server answers to its loopback name only');
    const body = await readBody(request);
    if (body === undefined)
      return problem(413, `a body may have ${MAX_BODY_BYTES} bytes at most`, { connection: 'close' });
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    return answer({ method: request.method ?? 'GET', path, headers: request.headers, body });
  };
  const server = createServer((request, response) => {
    reply(request)
      .catch((error: unknown) => {
        process.stderr.write(`http: ${error instanceof Error ? error.message : String(error)}\n`);
        return problem(500, 'internal error');
      })
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      .catch(() => response.destroy());
  });
  server.requestTimeout = REQUEST_LIMIT_MILLISECONDS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
