/**
 * The page's way to the engine in a browser:
 *
 *   1. `#token=...` in the address, one-time, from the line that `npm start` prints -> POST /session (sets a cookie)
 *   2. GET /session: is this page signed in?
 *   3. WebSocket /channel on the page's own origin
 */
import type { EngineMessage } from '../../shared/contract/contract.ts';
import type { EngineChannel } from './client.ts';
import type { OpenResult } from './connection.ts';

const OPEN_WITHIN_MILLISECONDS = 5000;
/** Close codes of the engine that trying again will not mend (4401 not signed in, 4403 foreign origin). */
const REFUSED_CODES: ReadonlySet<number> = new Set([1008, 4401, 4403]);
const OPEN_AGAIN =
  'Open the address that Sidetone printed where it runs (it ends in #token=…): here or in another tab, this page then goes on by itself.';

/** The token of `#token=abc` or `#abc`. */
export function tokenOf(hash: string): string | undefined {
  const text = hash.replace(/^#/, '');
  const named = new URLSearchParams(text).get('token');
  return named ?? (text === '' || text.includes('=') ? undefined : text);
}

/** Exchanges the token, when the address has one, and makes sure that this page is signed in. */
async function signIn(): Promise<OpenResult | undefined> {
  const session = new URL('/session', location.href);
  const token = tokenOf(location.hash);
  try {
    if (token !== undefined) {
      // Out of the address at once: it is neither bookmarked nor shared.
      history.replaceState(undefined, '', location.pathname + location.search);
      await fetch(session, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
        credentials: 'same-origin',
      });
    }
    // A used token does no harm while the cookie of its first use is good: only this question decides.
    const response = await fetch(session, { credentials: 'same-origin' });
    if (response.status === 401 || response.status === 403) return { kind: 'refused', reason: OPEN_AGAIN };
    return response.ok ? undefined : { kind: 'unreachable', reason: `the engine answered ${response.status}` };
  } catch {
    return { kind: 'unreachable', reason: 'the engine does not answer' };
  }
}

export async function openWebSocketChannel(): Promise<OpenResult> {
  const failed = await signIn();
  if (failed !== undefined) return failed;
  const address = new URL('/channel', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const timer = setTimeout(() => {
      socket.close();
      resolve({ kind: 'unreachable', reason: 'the engine does not answer' });
    }, OPEN_WITHIN_MILLISECONDS);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve({ kind: 'open', channel: channelOver(socket) });
    });
    socket.addEventListener('close', (event) => {
      clearTimeout(timer);
      if (REFUSED_CODES.has(event.code)) resolve({ kind: 'refused', reason: event.reason || OPEN_AGAIN });
      else resolve({ kind: 'unreachable', reason: 'the engine does not answer' });
    });
  });
}

function channelOver(socket: WebSocket): EngineChannel {
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        // The engine is our own program on loopback: its messages are typed by the contract, not validated again.
        if (typeof event.data === 'string') listener(JSON.parse(event.data) as EngineMessage);
      });
    },
    onClose: (listener) => {
      socket.addEventListener('close', (event) => listener(event.reason || 'the engine closed the connection'));
    },
    close: () => socket.close(1000, 'page closed'),
  };
}
