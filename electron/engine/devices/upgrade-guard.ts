/**
 * Who may open a device socket. Loopback is not enough: any web page can make this machine's browser dial 127.0.0.1, so a
 * request with an Origin (a page) or a foreign Host (DNS rebinding) is refused before a WebSocket exists.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';

/** The WebSocket subprotocol of the wire; its version is in its name. */
export const SUBPROTOCOL = 'sidetone.1';

export interface UpgradeRefusal {
  readonly status: 400 | 403 | 503;
  readonly message: string;
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

const hostName = (host: string): string | undefined => {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
};

/** Undefined: welcome to go on. */
export function refuseUpgrade(headers: IncomingHttpHeaders): UpgradeRefusal | undefined {
  if (headers.origin !== undefined) {
    return { status: 403, message: 'devices send no Origin header; web pages may not open this socket' };
  }
  const name = headers.host === undefined ? undefined : hostName(headers.host);
  if (name === undefined || !LOOPBACK_HOSTS.has(name)) {
    return { status: 403, message: 'Host must be 127.0.0.1, localhost or [::1]' };
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    return { status: 400, message: `offer the WebSocket subprotocol ${SUBPROTOCOL}` };
  }
  return undefined;
}

const REASONS = { 400: 'Bad Request', 403: 'Forbidden', 503: 'Service Unavailable' } as const;

/** Answers an upgrade request with a refusal in plain HTTP and ends the socket. */
export function answerRefusal(socket: Duplex, refusal: UpgradeRefusal): void {
  const body = `${refusal.message}\n`;
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${refusal.status} ${REASONS[refusal.status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
