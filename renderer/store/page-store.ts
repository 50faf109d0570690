/**
 * What the page knows, outside React. Batches change plain objects here; React hears of it at most ten times a second,
 * the canvas looks at `revision` once a frame.
 */
import type { RecordingInfo, ScenarioInfo } from '../../shared/contract/contract.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import type { Batch, Status } from '../channel/client.ts';
import type { ConnectionState } from '../channel/connection.ts';
import { BenchModel } from './bench-model.ts';
import { Observable } from './observable.ts';

/** Words and numbers that change faster than this cannot be read. */
const PANEL_EVERY_MILLISECONDS = 100;
/** While a recording comes in, drawing it half known takes the time that taking it in needs. */
const LOADING_PANEL_EVERY_MILLISECONDS = 500;
/** Injections whose answer is awaited; each answers within a moment, or its device is gone. */
const MAX_AWAITED_INJECTIONS = 100;

export type StreamView =
  | { readonly kind: 'none' }
  | { readonly kind: 'live'; readonly stream: string }
  | {
      readonly kind: 'recording';
      readonly stream: string;
      readonly recording: RecordingInfo;
      /** False while its entries still arrive. */
      readonly complete: boolean;
    };

export interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'done';
  readonly text: string;
}
/** More than this on screen is noise; the newest stay. */
const MAX_NOTICES = 4;

export class PageStore {
  readonly connection = new Observable<ConnectionState>({ kind: 'connecting', attempt: 0 });
  readonly status = new Observable<Status | undefined>(undefined);
  readonly view = new Observable<StreamView>({ kind: 'none' });
  readonly scenarios = new Observable<readonly ScenarioInfo[]>([]);
  readonly notices = new Observable<readonly Notice[]>([]);
  readonly samplesDropped = new Observable(0);
  /** Events older than the engine's memory: a live view that began late is without them; a recording has them. */
  readonly eventsMissing = new Observable(0);
  /** Which bench is looked at; undefined: the first. */
  readonly chosenBench = new Observable<string | undefined>(undefined);
  /** Changes when panels should read again. */
  readonly panelRevision = new Observable(0);
  private models = new Map<string, BenchModel>();
  /** Titles of injections the user asked for, by id, until their device says how it went. */
  private readonly injections = new Map<string, string>();
  private nextNotice = 1;
  private panelTimer: ReturnType<typeof setTimeout> | undefined;
  private lastPanelAt = 0;
  private readonly now: () => number;

  /** `now`: milliseconds that only go forward (performance.now). */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Starts empty for a new stream: entries of another are not mixed in. */
  show(view: StreamView): void {
    this.models = new Map();
    this.samplesDropped.set(0);
    this.eventsMissing.set(0);
    this.view.set(view);
    this.panelsSoon();
  }

  takeBatch(batch: Batch): void {
    const view = this.view.get();
    if (view.kind === 'none' || view.stream !== batch.stream) return;
    const pageNow = this.now() * 1000;
    for (const entry of batch.entries) {
      this.modelOf(entry.benchId).push(entry, pageNow);
      if (entry.type === 'event' && entry.event.kind === 'inject.state') this.hearOfInjection(entry.event.data);
    }
    this.samplesDropped.set(batch.samplesDropped);
    this.eventsMissing.set(batch.eventsDropped ?? this.eventsMissing.get());
    if (view.kind === 'recording' && batch.complete && !view.complete) {
      for (const model of this.models.values()) model.finish();
      this.view.set({ ...view, complete: true });
      clearTimeout(this.panelTimer);
      this.panelTimer = undefined;
    }
    this.panelsSoon();
  }

  /** The bench on screen; undefined until its first entry. */
  model(): BenchModel | undefined {
    const chosen = this.chosenBench.get();
    return (chosen === undefined ? undefined : this.models.get(chosen)) ?? this.models.values().next().value;
  }

  benchInfo(): Status['benches'][number] | undefined {
    const benches = this.status.get()?.benches ?? [];
    return benches.find((bench) => bench.benchId === this.chosenBench.get()) ?? benches[0];
  }

  /** Is a recording still coming in? */
  get loading(): boolean {
    const view = this.view.get();
    return view.kind === 'recording' && !view.complete;
  }

  /** The user asked for this one: should its device refuse it, that is said. */
  awaitInjection(injectId: string, title: string): void {
    const oldest = this.injections.keys().next().value;
    if (this.injections.size >= MAX_AWAITED_INJECTIONS && oldest !== undefined) this.injections.delete(oldest);
    this.injections.set(injectId, title);
  }

  say(kind: Notice['kind'], text: string): void {
    this.notices.set([...this.notices.get().slice(1 - MAX_NOTICES), { id: this.nextNotice++, kind, text }]);
  }
  dismiss(id: number): void {
    this.notices.set(this.notices.get().filter((notice) => notice.id !== id));
  }

  private hearOfInjection(data: EventData<'inject.state'>): void {
    const title = this.injections.get(data.injectId);
    if (title === undefined || data.phase === 'accepted') return;
    this.injections.delete(data.injectId);
    if (data.phase === 'failed') this.say('error', `${title}: ${data.reason ?? 'the device could not do it.'}`);
  }

  private modelOf(benchId: string): BenchModel {
    let model = this.models.get(benchId);
    if (model === undefined) {
      model = new BenchModel(benchId);
      this.models.set(benchId, model);
    }
    return model;
  }

  private panelsSoon(): void {
    if (this.panelTimer !== undefined) return;
    const every = this.loading ? LOADING_PANEL_EVERY_MILLISECONDS : PANEL_EVERY_MILLISECONDS;
    const wait = Math.max(0, this.lastPanelAt + every - this.now());
    this.panelTimer = setTimeout(() => {
      this.panelTimer = undefined;
      this.lastPanelAt = this.now();
      this.model()?.settle();
      this.panelRevision.set(this.panelRevision.get() + 1);
    }, wait);
  }
}
