/** The one place where a frame from outside becomes a value of ours. */
import { z } from 'zod';
import { type Frame, frame } from './frames.ts';
import { MAX_FRAME_BYTES } from './limits.ts';

// Under a strict content security policy zod may not compile with `new Function`.
z.config({ jitless: false });

export type WireErrorCode = 'too-large' | 'not-json' | 'unknown-type' | 'invalid';
export interface WireError {
  readonly code: WireErrorCode;
  /** What is wrong, with the path to it, and what to do. */
  readonly message: string;
}
export type ParseResult =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly error: WireError };

const KNOWN_TYPES = new Set<string>(frame.options.map((option) => option.shape.t.value));

const failed = (code: WireErrorCode, message: string): ParseResult => ({ ok: false, error: { code, message } });

/** Reads one text message. Never throws. */
export function parseFrame(message: string): ParseResult {
  if (message.length > MAX_FRAME_BYTES) {
    return failed(
      'too-large',
      `frame of ${message.length} characters; the limit is ${MAX_FRAME_BYTES}: send fewer events a frame`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return failed('not-json', 'the frame is not JSON: send one JSON object a message');
  }
  const type = typeof value === 'object' && value !== null ? (value as { t?: unknown }).t : undefined;
  if (typeof type !== 'string' || !KNOWN_TYPES.has(type)) {
    return failed(
      'unknown-type',
      `unknown frame type ${JSON.stringify(type)?.slice(0, 60)}; known: ${[...KNOWN_TYPES].join(', ')}`,
    );
  }
  const result = frame.safeParse(value);
  if (result.success) return { ok: true, frame: result.data };
  const issue = result.error.issues[0];
  return failed('invalid', `${type} frame: ${issue?.path.join('.') || '(root)'}: ${issue?.message ?? 'invalid'}`);
}
