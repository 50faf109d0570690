import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../channel/client.ts';
import { Connection, type ConnectionState, waitBefore } from '../channel/connection.ts';
import { tokenOf } from '../channel/websocket.ts';
import { CallFixture } from '../testing/call.fixture.ts';
import { createMemoryEngine } from '../testing/memory-engine.fixture.ts';
import { EventLog, MAX_LOGGED } from './event-log.ts';
import { PageStore } from './page-store.ts';
import { Session } from './session.ts';
import { UiStore } from './ui-store.ts';

const declined = (): CallFixture => {
  const fixture = new CallFixture(1_000_000_000);
  fixture.callStarts(0).levels(1, 8, []).declinedCall(8, 1, 4, 0.5).levels(12.6, 20, []);
  fixture.entries.sort((one, other) => one.arrivedAt - other.arrivedAt);
  return fixture;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function start(entries = declined().entries) {
  const engine = createMemoryEngine(entries);
  const store = new PageStore(() => performance.now());
  const session = new Session(store, () => Promise.resolve({ kind: 'open', channel: engine.connect() }));
  session.start();
  await vi.advanceTimersByTimeAsync(500);
  return { engine, store, session };
}

describe('the page and its engine', () => {
  it('shows the live call with its incident after connecting', async () => {
    const { store } = await start();
    expect(store.connection.get().kind).toBe('open');
    expect(store.view.get().kind).toBe('live');
    const incident = store.model()?.incidents()[0];
    expect(incident?.cause).toBe('phoneCall');
    expect(incident?.recoveryLatency).toMatchObject({ kind: 'after' });
    expect(store.model()?.simulated).toBe(true);
  });

  it('acknowledges every batch it took in', async () => {
    const { engine } = await start();
    engine.live(declined().entries.slice(0, 1));
    await vi.advanceTimersByTimeAsync(50);
    const acks = engine.asked.flatMap((message) => (message.t === 'ack' ? [message.number] : []));
    expect(acks).toEqual([1, 2]);
  });

  it('says why an injection that the user asked for was refused, and is silent about those of scenarios', async () => {
    const { engine, store } = await start();
    const refusal = (injectId: string, seconds: number) =>
      new CallFixture(1_000_000_000).event(seconds, 'iphone-os', 'lab', 'inject.state', {
        injectId,
        does: 'phone.decline',
        phase: 'failed',
        fidelity: 'F0',
        reason: 'no call rings',
      }).entries;
    store.awaitInjection('mine', 'Decline');
    engine.live([...refusal('theirs', 21), ...refusal('mine', 22), ...refusal('mine', 23)]);
    await vi.advanceTimersByTimeAsync(50);
    expect(store.notices.get()).toMatchObject([{ kind: 'error', text: 'Decline: no call rings' }]);
  });

  it('gives a recording and the live view the same incidents, without mixing their entries', async () => {
    const { store, session } = await start();
    const live = JSON.stringify(store.model()?.incidents());
    await Promise.all([session.watchRecording('sample'), vi.advanceTimersByTimeAsync(500)]);
    await vi.advanceTimersByTimeAsync(500);
    expect(store.view.get()).toMatchObject({ kind: 'recording', complete: true });
    expect(JSON.stringify(store.model()?.incidents())).toBe(live);
    await Promise.all([session.watchLive(), vi.advanceTimersByTimeAsync(500)]);
    expect(store.view.get().kind).toBe('live');
  });

  it('connects again by itself after the engine went away, and says so meanwhile', async () => {
    const { engine, store } = await start();
    engine.drop('engine stopped');
    expect(store.connection.get()).toMatchObject({ kind: 'waiting', reason: 'engine stopped' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(store.connection.get().kind).toBe('open');
    expect(store.model()?.incidents()).toHaveLength(1);
  });

  it('turns a refusal into words instead of an exception', async () => {
    const store = new PageStore(() => performance.now());
    const session = new Session(store, () => Promise.resolve({ kind: 'unreachable', reason: 'no engine' }));
    const answer = await session.ask('recording.start', {});
    expect(answer.ok).toBe(false);
    expect(store.notices.get()[0]).toMatchObject({ kind: 'error' });
    session.stop();
  });

  it('tells panels at most ten times a second, however fast batches come', async () => {
    const { engine, store } = await start();
    let told = 0;
    store.panelRevision.subscribe(() => told++);
    for (let index = 0; index < 60; index++) {
      engine.live(declined().entries.slice(0, 1));
      await vi.advanceTimersByTimeAsync(16);
    }
    expect(told).toBeGreaterThan(5);
    expect(told).toBeLessThanOrEqual(11);
  });
});

describe('keeping the connection', () => {
  it('waits longer each time, up to five seconds', () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((attempt) => waitBefore(attempt, 0.999));
    expect(waits).toEqual([...waits].sort((one, other) => one - other));
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000);
    expect(waitBefore(1, 0)).toBeGreaterThan(0);
  });

  it('does not knock on a door that was refused', async () => {
    let tries = 0;
    const states: ConnectionState['kind'][] = [];
    const connection = new Connection(
      () => {
        tries++;
        return Promise.resolve({ kind: 'refused', reason: 'token used' });
      },
      (state) => void states.push(state.kind),
      () => {},
    );
    await connection.tryNow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries).toBe(1);
    expect(states.at(-1)).toBe('refused');
  });

  it('answers what was asked when the channel ends, so that nobody waits for ever', async () => {
    const engine = createMemoryEngine([]);
    const client = new EngineClient(engine.connect(), { onBatch: () => {}, onStatus: () => {}, onClose: () => {} });
    const answer = client.call('recording.list', {});
    engine.drop('gone');
    expect(await answer).toEqual({ ok: false, error: { code: 'channel-closed', message: 'gone' } });
  });

  it('reads the one-time token in both ways it may be written', () => {
    expect(tokenOf('#token=abc')).toBe('abc');
    expect(tokenOf('#abc')).toBe('abc');
    expect(tokenOf('#other=abc')).toBeUndefined();
    expect(tokenOf('')).toBeUndefined();
  });
});

describe('what the page remembers', () => {
  it('keeps a bounded number of events and says how many it let go', () => {
    const log = new EventLog();
    const entry = declined().entries.find((one) => one.type === 'event');
    if (entry?.type !== 'event') throw new Error('the fixture has no event');
    for (let index = 0; index < MAX_LOGGED + 10; index++) log.append(entry);
    expect(log.entries.length).toBeLessThanOrEqual(MAX_LOGGED);
    expect(log.entries.length + log.forgottenCount).toBe(MAX_LOGGED + 10);
  });

  it('keeps settings over visits, and survives rubbish in their place', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as unknown as Storage;
    new UiStore(storage, 1440).theme.set('dark');
    expect(new UiStore(storage, 1440).theme.get()).toBe('dark');
    for (const key of kept.keys()) kept.set(key, '{"theme":"purple","sidebar":');
    expect(new UiStore(storage, 1440).theme.get()).toBe('system');
  });

  it('closes the side panels when the window gets narrow, shows one at a time there, and restores them after', () => {
    const ui = new UiStore(undefined, 1440);
    expect([ui.sidebar.get(), ui.inspector.get()]).toEqual([true, true]);
    ui.setNarrow(true);
    expect([ui.sidebar.get(), ui.inspector.get()]).toEqual([false, false]);
    ui.sidebar.set(true);
    ui.inspector.set(true);
    expect([ui.sidebar.get(), ui.inspector.get()]).toEqual([false, true]);
    ui.setNarrow(false);
    expect([ui.sidebar.get(), ui.inspector.get()]).toEqual([true, true]);
  });

  it('starts with the side panels closed where they would leave no room', () => {
    const narrow = new UiStore(undefined, 600);
    expect([narrow.sidebar.get(), narrow.inspector.get()]).toEqual([false, false]);
  });
});
