/** Values that several event kinds share. */
import { z } from 'zod';
import type { DeviceTime } from '../time/time.ts';
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from './limits.ts';

export const id = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
    'letters, digits, dot, colon, dash and underscore, starting with a letter or digit',
  );
export const text = z.string().max(MAX_TEXT_LENGTH);
const wholeMicros = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** An instant on the device's clock, integer microseconds since its epoch. */
export const instant = wholeMicros as unknown as z.ZodType<DeviceTime>;
export const count = z.int().min(0);

/** F0 simulated, F1 forged notification, F2 real change by the app, F3 another app, F4 tooling, F5 human or real network. */
export const fidelity = z.enum(['F0', 'F1', 'F2', 'F3', 'F4', 'F5']);
export type Fidelity = z.infer<typeof fidelity>;

/** AVAudioSessionPortDescription, reduced: raw port type string, name as shown, hashed uid. */
export const port = z.object({ type: text, name: text, uid: text.optional(), channels: count.optional() });
export type Port = z.infer<typeof port>;
export const route = z.object({ inputs: z.array(port).max(16), outputs: z.array(port).max(16) });
export type Route = z.infer<typeof route>;

/** An NSError: code as the OS gives it, four-character code and name where known. */
export const osError = z.object({
  domain: text,
  code: z.int(),
  fourCC: z.string().max(4).optional(),
  name: text.optional(),
});
export type OsError = z.infer<typeof osError>;

/** Raw userInfo of a notification: flat, as evidence. */
export const userInfo = z.record(
  z.string().max(200),
  z.union([z.string().max(MAX_TEXT_LENGTH), z.number(), z.boolean(), z.null()]),
);

/** What set an incident off, from outside the app. */
export const cause = z.enum([
  'phoneCall',
  'siri',
  'alarm',
  'otherApp',
  'hold',
  'routeConnect',
  'routeLoss',
  'mediaServices',
  'suspension',
  'pathLoss',
  'pathChange',
  'mute',
  'crash',
  'unknown',
]);
export type Cause = z.infer<typeof cause>;

/**
 * flowing: frames move and are neither a run of exact zeros nor concealed
 * zeros: frames move, all samples exactly zero
 * concealed: playout moves, but what it plays is made up by the jitter buffer
 * stopped: no frames at all
 */
export const flow = z.enum(['flowing', 'zeros', 'concealed', 'stopped']);
export type Flow = z.infer<typeof flow>;

/** Which part of the device saw or did it. */
export const eventSource = z.enum([
  'os',
  'rtc',
  'app',
  'sdk',
  'callkit',
  'stats',
  'probe',
  'lab',
  'inject',
  'farEnd',
  'path',
]);
export type EventSource = z.infer<typeof eventSource>;
