/**
 * The part of a WHATWG WebSocket that a link uses. Browsers' sockets satisfy it, and so do those of `ws`:
 *
 *   openSocket: (url, protocol) => new WebSocket(url, protocol)
 */
export interface LinkSocket {
  readonly bufferedAmount: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}
export type OpenSocket = (url: string, protocol: string) => LinkSocket;

/** The WebSocket subprotocol of the wire, version in its name. */
export const SUBPROTOCOL = 'sidetone.1';

/** Timers as hosts have them. */
export interface Timers {
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(handle: unknown): void;
}
/** The host's own timers, found at run time: this room is compiled without Node's and the browser's types. */
export const hostTimers: Timers = {
  setTimeout: (run, milliseconds) => (globalThis as unknown as Timers).setTimeout(run, milliseconds),
  clearTimeout: (handle) => (globalThis as unknown as Timers).clearTimeout(handle),
};
