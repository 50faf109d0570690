/** Where the window may go: pure, so that it is tested without Electron. */

/** May the window show this address? Only the engine's own page may, compared as parsed URLs, never as text. */
export function mayNavigate(target: string, pageOrigin: string): boolean {
  try {
    const url = new URL(target);
    return url.origin === pageOrigin && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

/** New windows are never opened: the page has no need of them, and a link out is none of ours. */
export const mayOpenWindow = (): false => false;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The page's origin when the address is one the shell may load: http on loopback with a port. */
export function pageOriginOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  try {
    const url = new URL(address);
    return url.protocol === 'http:' && LOOPBACK.has(url.hostname) && url.port !== '' ? url.origin : undefined;
  } catch {
    return undefined;
  }
}
