import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACK_AFTER_EVENTS, ACK_AFTER_MILLISECONDS } from '../wire/limits.ts';
import { backoffMilliseconds } from './backoff.ts';
import { createLiveness } from './liveness.ts';
import { createReceiver } from './receiver.ts';
import { createSender, SENDER_LIMITS } from './sender.ts';
import { utf8Length } from './utf8.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.log(`link.test.ts seed ${SEED} (SEED=${SEED} repeats it)`);

const events = (from: number, to: number): { seq: number }[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ seq: from + index }));

type Step =
  | { readonly do: 'push'; readonly count: number }
  | { readonly do: 'send'; readonly most: number }
  /** The network hands the oldest frame on, once or twice. */
  | { readonly do: 'deliver'; readonly twice: boolean }
  | { readonly do: 'store' }
  | { readonly do: 'ack' }
  /** Everything under way is lost; the device comes back, to an engine that may have forgotten it. */
  | { readonly do: 'cut'; readonly forgotten: boolean }
  /** The journal refuses what waits. */
  | { readonly do: 'fail' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('push' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), most: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), twice: fc.boolean() }) },
  { weight: 4, arbitrary: fc.constant({ do: 'store' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'ack' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), forgotten: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'fail' as const }) },
);

type Line = { readonly item: number } | { readonly lost: number };

/** A sender and a receiver over a network that loses and repeats; what the receiver stored, session after session. */
class Wire {
  readonly sender = createSender<number>({ maxEvents: 8, maxBytes: 1e9, windowEvents: 5, windowBytes: 1e9 });
  receiver = createReceiver();
  /** Stored lines of this session, and how many events of the log came before the session. */
  stored: Line[] = [];
  waiting: { upTo: number; lines: Line[] }[] = [];
  network: NonNullable<ReturnType<typeof this.sender.next>>[] = [];
  pushed = 0;
  time = 0;
  protocolErrors = 0;

  run(step: Step): void {
    this.time += 100;
    if (step.do === 'push') for (let n = 0; n < step.count; n += 1) this.sender.push(this.pushed++, 1);
    if (step.do === 'send') {
      const out = this.sender.next(step.most, 1e9);
      if (out !== undefined) this.network.push(out);
    }
    if (step.do === 'deliver') {
      const frame = this.network.shift();
      if (frame !== undefined) this.deliver(frame);
      if (frame !== undefined && step.twice) this.deliver(frame);
    }
    if (step.do === 'store') {
      const batch = this.waiting.shift();
      if (batch !== undefined) {
        this.stored.push(...batch.lines);
        this.receiver.stored(batch.upTo, this.time);
      }
    }
    if (step.do === 'ack') {
      const last = this.receiver.ack(this.time);
      if (last !== undefined) this.sender.acknowledge(last);
    }
    if (step.do === 'cut') this.cut(step.forgotten);
    if (step.do === 'fail') {
      this.waiting = [];
      this.receiver.rollBack();
      this.cut(false);
    }
  }

  deliver(frame: NonNullable<ReturnType<typeof this.sender.next>>): void {
    if (frame.type === 'gap') {
      const result = this.receiver.gap(frame.from, frame.to);
      if (!result.ok) this.protocolErrors += 1;
      else if (result.gap !== undefined)
        this.waiting.push({
          upTo: result.gap.to,
          lines: events(result.gap.from, result.gap.to).map(({ seq }) => ({ lost: seq })),
        });
    } else {
      const result = this.receiver.events(frame.events);
      if (!result.ok) this.protocolErrors += 1;
      else if (result.fresh.length > 0)
        this.waiting.push({ upTo: result.fresh.at(-1)?.seq ?? 0, lines: result.fresh.map(({ item }) => ({ item })) });
    }
  }

  cut(forgotten: boolean): void {
    this.network = [];
    if (forgotten) {
      // What waits was handed on already and is stored with the old session.
      this.receiver = createReceiver();
      this.stored = [];
      this.waiting = [];
      this.sender.restart();
    } else {
      expect(this.sender.resume(this.receiver.resume())).toBe(true);
    }
  }

  /** No more trouble: everything goes through. */
  finish(): void {
    // What the journal is still busy with may be acknowledged before the device has said another word.
    for (let round = 0; round < 20; round += 1) {
      this.run({ do: 'store' });
      this.run({ do: 'ack' });
    }
    for (let round = 0; round < 200; round += 1) {
      for (const quiet of [
        { do: 'send', most: 5 },
        { do: 'deliver', twice: false },
        { do: 'store' },
        { do: 'ack' },
      ] as const)
        this.run(quiet);
    }
  }
}

describe('the link', () => {
  it('whatever is cut or repeated, the receiver stores the log of the sender, each event once, minus declared gaps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const wire = new Wire();
        for (const one of steps) wire.run(one);
        wire.finish();
        expect(wire.protocolErrors).toBe(0);
        expect(wire.sender.state.kept).toBe(0);
        // In its session, the line at place n is event n or a declared loss of event n; items are the log without holes
        // but for those losses.
        const items = wire.stored.flatMap((line) => ('item' in line ? [line.item] : []));
        expect(items).toEqual([...items].sort((a, b) => a - b));
        expect(new Set(items).size).toBe(items.length);
        const first = wire.pushed - wire.stored.length;
        wire.stored.forEach((line, place) => {
          if ('item' in line) expect(line.item).toBe(first + place);
          else expect(line.lost).toBe(place + 1);
        });
        expect(wire.stored.length).toBe(wire.sender.state.last);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });
});

describe('a sender', () => {
  it('gives out numbers from 1 without holes and sends in order', () => {
    const sender = createSender<string>();
    expect(['a', 'b', 'c'].map((item) => sender.push(item, 1))).toEqual([1, 2, 3]);
    expect(sender.next(2, 100)).toEqual({
      type: 'events',
      events: [
        { seq: 1, item: 'a' },
        { seq: 2, item: 'b' },
      ],
    });
    expect(sender.next(2, 100)).toEqual({ type: 'events', events: [{ seq: 3, item: 'c' }] });
    expect(sender.next(2, 100)).toBeUndefined();
  });

  it('splits by bytes but always sends at least one event', () => {
    const sender = createSender<string>();
    sender.push('large', 500);
    sender.push('small', 10);
    expect(sender.next(10, 100)).toMatchObject({ events: [{ seq: 1 }] });
    expect(sender.next(10, 100)).toMatchObject({ events: [{ seq: 2 }] });
  });

  it('stops at its window until something is acknowledged', () => {
    const sender = createSender<string>({ ...SENDER_LIMITS, windowEvents: 2 });
    for (const item of ['a', 'b', 'c']) sender.push(item, 1);
    expect(sender.next(10, 100)).toMatchObject({ events: [{ seq: 1 }, { seq: 2 }] });
    expect(sender.next(10, 100)).toBeUndefined();
    sender.acknowledge(1);
    expect(sender.next(10, 100)).toMatchObject({ events: [{ seq: 3 }] });
  });

  it('is bounded by count and by bytes', () => {
    const byCount = createSender<number>({ ...SENDER_LIMITS, maxEvents: 10 });
    for (let n = 0; n < 1000; n += 1) byCount.push(n, 1);
    expect(byCount.state).toMatchObject({ kept: 10, dropped: 990, last: 1000 });
    const byBytes = createSender<number>({ ...SENDER_LIMITS, maxBytes: 100 });
    for (let n = 0; n < 1000; n += 1) byBytes.push(n, 30);
    expect(byBytes.state).toMatchObject({ kept: 3, bytes: 90 });
    expect(byBytes.next(10, 100)).toEqual({ type: 'gap', from: 1, to: 997 });
  });

  it('ignores an ack of what was never sent, and refuses to resume where it cannot', () => {
    const sender = createSender<string>();
    sender.push('a', 1);
    expect(sender.acknowledge(1)).toBe(false);
    expect(sender.acknowledge(Number.NaN)).toBe(false);
    expect(sender.state.kept).toBe(1);
    expect(sender.resume(2)).toBe(false);
    expect(sender.resume(-1)).toBe(false);
  });
});

describe('a receiver', () => {
  it('takes nothing of a frame with a hole in it', () => {
    const receiver = createReceiver();
    expect(receiver.events([{ seq: 1 }, { seq: 3 }])).toMatchObject({ ok: false, error: { code: 'hole' } });
    expect(receiver.state.received).toBe(0);
    expect(receiver.events(events(1, 3))).toMatchObject({ ok: true, duplicates: 0 });
  });

  it('takes of a gap only what it does not have', () => {
    const receiver = createReceiver();
    receiver.events(events(1, 5));
    expect(receiver.gap(3, 4)).toEqual({ ok: true, gap: undefined });
    expect(receiver.gap(3, 8)).toEqual({ ok: true, gap: { from: 6, to: 8 } });
    expect(receiver.gap(10, 11)).toMatchObject({ ok: false });
    expect(receiver.gap(9, 8)).toMatchObject({ ok: false });
  });

  it('owes an ack after many events or a short while, never for what is not stored', () => {
    const receiver = createReceiver();
    receiver.events(events(1, 1));
    expect(receiver.ack(10_000)).toBeUndefined();
    receiver.stored(1, 1000);
    expect(receiver.ackDue(1000)).toBe(ACK_AFTER_MILLISECONDS);
    expect(receiver.ack(1000 + ACK_AFTER_MILLISECONDS - 1)).toBeUndefined();
    expect(receiver.ack(1000 + ACK_AFTER_MILLISECONDS)).toBe(1);
    expect(receiver.ackDue(2000)).toBeUndefined();
    receiver.events(events(2, 1 + ACK_AFTER_EVENTS));
    receiver.stored(ACK_AFTER_EVENTS, 2000);
    expect(receiver.ack(2000)).toBeUndefined();
    receiver.stored(1 + ACK_AFTER_EVENTS, 2000);
    expect(receiver.ack(2000)).toBe(1 + ACK_AFTER_EVENTS);
  });
});

describe('liveness', () => {
  it('pings every two seconds and gives up after ten of silence', () => {
    const liveness = createLiveness(0);
    const verdicts = Array.from({ length: 11 }, (_, second) => liveness.tick((second + 1) * 1000));
    expect(verdicts.slice(0, 4)).toEqual(['fine', 'ping', 'fine', 'ping']);
    expect(verdicts[9]).toBe('gone');
  });

  it('does not take its own sleep for silence of the other end', () => {
    const liveness = createLiveness(0);
    liveness.tick(1000);
    expect(liveness.tick(61_000)).toBe('ping');
    expect(liveness.tick(62_000)).toBe('fine');
  });
});

describe('small parts', () => {
  it('waits between a quarter of a second and eight, never more', () => {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      expect(backoffMilliseconds(attempt, 0.999)).toBeLessThanOrEqual(8000);
      expect(backoffMilliseconds(attempt, 0)).toBeGreaterThanOrEqual(125);
    }
  });

  it('counts UTF-8 bytes as an encoder does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
      { seed: SEED },
    );
  });
});
