/**
 * Which browser is the user's: a one-time token travels in the URL's fragment (never sent to a server, never logged), the
 * page hands it in once, and gets a cookie that scripts cannot read.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 128 bits: not to be guessed in the life of the program. */
const TOKEN_BYTES = 16;
const COOKIE_BYTES = 32;
/** A printed address may be opened much later; a handful of them is enough, the oldest is forgotten. */
export const MAX_OPEN_TOKENS = 16;
/** Browsers and windows of one user; the oldest is logged out. */
export const MAX_SESSIONS = 64;

export interface Sessions {
  /** A fresh token, good for one exchange. */
  issueToken(): string;
  /** The cookie's value for a good token, which is used up by it; undefined otherwise. */
  exchange(token: string): string | undefined;
  /** Does this Cookie header hold one of ours? */
  isKnown(cookieHeader: string | undefined, cookieName: string): boolean;
}

/** Cookies are shared by all ports of a host, so that two engines need two names. */
export const cookieNameFor = (port: number): string => `sidetone-${port}`;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Secrets are kept and compared as digests: equal length, constant time. */
class SecretSet {
  readonly #digests: Buffer[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(secret: string): void {
    this.#digests.push(digest(secret));
    if (this.#digests.length > this.#limit) this.#digests.shift();
  }

  indexOf(candidate: string): number {
    const wanted = digest(candidate);
    let found = -1;
    // No early exit: the time must not tell which one it was.
    this.#digests.forEach((known, index) => {
      if (timingSafeEqual(known, wanted)) found = index;
    });
    return found;
  }

  remove(index: number): void {
    this.#digests.splice(index, 1);
  }
}

export function createSessions(): Sessions {
  const tokens = new SecretSet(MAX_OPEN_TOKENS);
  const cookies = new SecretSet(MAX_SESSIONS);
  return {
    issueToken() {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      tokens.add(token);
      return token;
    },
    exchange(token) {
      const index = tokens.indexOf(token);
      if (index < 0) return undefined;
      tokens.remove(index);
      const cookie = randomBytes(COOKIE_BYTES).toString('base64url');
      cookies.add(cookie);
      return cookie;
    },
    isKnown(cookieHeader, cookieName) {
      const value = readCookie(cookieHeader, cookieName);
      return value !== undefined && cookies.indexOf(value) >= 0;
    },
  };
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}
