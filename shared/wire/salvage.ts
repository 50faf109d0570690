/**
 * What can be saved of an events frame that breaks the schema. One event with a text too long must not block the link: it
 * would be sent again and again. Good events are taken, each bad one becomes a declared loss.
 */
import { z } from 'zod';
import { type WireEvent, wireEvent } from './frames.ts';
import { MAX_EVENTS_PER_FRAME } from './limits.ts';

export interface SalvagedEvent {
  readonly seq: number;
  /** Undefined: it broke the schema and is lost. */
  readonly event: WireEvent | undefined;
}

/** Just enough to keep the count: numbers. */
const envelope = z.object({
  t: z.literal('events'),
  events: z
    .array(z.looseObject({ seq: z.int().min(1) }))
    .min(1)
    .max(MAX_EVENTS_PER_FRAME),
});

/** For a message that `parseFrame` called invalid. Undefined when it is no events frame, or its numbers are not to be had. */
export function salvageEvents(message: string): readonly SalvagedEvent[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return undefined;
  }
  const frame = envelope.safeParse(value);
  if (!frame.success) return undefined;
  return frame.data.events.map((item) => {
    const event = wireEvent.safeParse(item);
    return { seq: item.seq, event: event.success ? event.data : undefined };
  });
}
