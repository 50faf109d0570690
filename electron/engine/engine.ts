/**
 * The program itself.
 *
 *   device -> hub -> recording (on disk first) -> live history -> page streams, at the pace of each page
 *                                              -> watches (incidents) -> scenario runs
 *                                              -> listeners (command line)
 *
 * Everything is started in order and stopped in reverse.
 */
import { WebSocketServer } from 'ws';
import type { ContractError, EngineStatus, RecordingInfo } from '../../shared/contract/contract.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import { createIncidentReducer } from '../../shared/recovery/reduce.ts';
import { type BenchWatch, createBenchWatch } from '../../shared/scenario/watch.ts';
import { type DesktopTime, desktopTime } from '../../shared/time/time.ts';
import { AppWatch } from './app-watch.ts';
import { listBenches } from './benches.ts';
import { createCalls } from './calls.ts';
import { Demand } from './demand.ts';
import { createDeviceHub, type DeviceHub } from './devices/device-hub.ts';
import {
  type EngineCallName,
  MAX_PAGE_MESSAGE_BYTES,
  type PageBackend,
  PageChannel,
  parseInput,
} from './http/channel.ts';
import { startHttpServer } from './http/server.ts';
import { createSessions } from './http/sessions.ts';
import type { Engine, EngineOptions } from './interface.ts';
import { bad, DisposableStack, Emitter, good, type Result, textOf } from './lifecycle.ts';
import { LiveHistory } from './live-history.ts';
import type { Disposable } from './ports.ts';
import { type PreparationPorts, prepareBench } from './preparation.ts';
import { createRecorder } from './recorder/recorder.ts';
import { type RunResult, Runs } from './runs.ts';
import { readLibrary } from './scenarios.ts';
import { SessionRecording } from './session-recording.ts';
import { SIMULATED_BENCH, SIMULATION_POLICIES, Simulation } from './simulation.ts';
import { StatusNews } from './status-news.ts';

export type { Engine, EngineOptions } from './interface.ts';

/** Benches whose incidents are kept; as many as the hub remembers devices. A device may call its bench what it likes. */
const MAX_BENCHES = 64;

/** The simulated iPhone's delays are drawn from it; any would do. */
const DEFAULT_SEED = 1;

/** Rejects only when nothing can listen on this machine at all. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const core = new EngineCore(options);
  try {
    await core.start();
    return core;
  } catch (error) {
    await core.dispose();
    throw error;
  }
}

class EngineCore implements Engine {
  readonly #options: EngineOptions;
  readonly #stack = new DisposableStack();
  readonly #epoch = process.hrtime.bigint();
  readonly #entries: Emitter<readonly JournalEntry[]>;
  readonly #published: Emitter<void>;
  readonly #runEnded: Emitter<RunResult>;
  readonly #news: StatusNews;
  readonly #history = new LiveHistory();
  readonly #watches = new Map<string, BenchWatch>();
  readonly #sessions = createSessions();
  readonly #pages = new Set<PageChannel>();
  readonly #recorder: ReturnType<typeof createRecorder>;
  readonly #recording: SessionRecording;
  readonly #hub: DeviceHub;
  readonly #demand: Demand;
  readonly #appWatch: AppWatch;
  #simulation: Simulation | undefined;
  #runs: Runs | undefined;
  #recordingHold: Disposable | undefined;
  #recordings: readonly RecordingInfo[] = [];
  #port = 0;
  #portTaken: number | undefined;
  #call: PageBackend['call'] = async () => bad({ code: 'starting', message: 'Sidetone is starting' });

  constructor(options: EngineOptions) {
    this.#options = options;
    const onListenerError = (error: unknown): void => options.log.warning(`internal: ${textOf(error)}`);
    this.#entries = new Emitter(onListenerError);
    this.#published = new Emitter(onListenerError);
    this.#runEnded = new Emitter(onListenerError);
    this.#news = new StatusNews(onListenerError);
    this.#recorder = createRecorder({
      folder: `${options.dataFolder}/recordings`,
      productVersion: options.version,
      ...(options.bundledFolder === undefined ? {} : { bundledFolder: options.bundledFolder }),
    });
    this.#hub = createDeviceHub({
      now: () => this.now(),
      accept: (entries) => this.#accept(entries),
      onChange: () => this.#news.later(),
    });
    this.#recording = new SessionRecording({
      recorder: this.#recorder,
      byItself: options.recordByItself ?? true,
      presentHellos: () => {
        const here = new Set(this.#connected().map((device) => `${device.benchId}/${device.deviceId}`));
        return this.#hub.hellos().filter((entry) => here.has(`${entry.benchId}/${entry.deviceId}`));
      },
      requestSnapshots: () => {
        for (const benchId of new Set(this.#connected().map((device) => device.benchId))) {
          this.#hub.requestSnapshot(benchId);
        }
      },
      onChanged: () => this.#recordingChanged(),
    });
    this.#appWatch = new AppWatch(
      () => this.#simulation?.state === 'running' && this.#probeOf(SIMULATED_BENCH) === undefined,
      (deviceId, reason) => {
        this.#submitProcessEnded(deviceId, reason);
        this.#simulation?.reportBroken("The simulated iPhone's app is gone: its process ended. Restart it.");
      },
    );
    this.#demand = new Demand(() => this.#weighDemand(), options.pauseAfterMilliseconds);
  }

  async start(): Promise<void> {
    const { log } = this.#options;
    const stack = this.#stack;
    stack.use(this.#news);
    stack.use(this.#recorder);
    stack.use(
      this.#recorder.onState(({ state, problem }) => {
        // One that was asked for is answered to whoever asked.
        if (state === 'failed' && !this.#recording.isStarting)
          log.warning(`not recorded: ${problem ?? 'no reason given'}`);
        this.#recordingChanged();
      }),
    );
    stack.use(this.#recording);
    stack.use(this.#appWatch);
    stack.use(this.#demand);
    const library = await readLibrary();
    for (const problem of library.problems) log.warning(`scenario ${problem.file}: ${problem.message}`);
    const webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_PAGE_MESSAGE_BYTES,
      // On one machine compression only costs.
      perMessageDeflate: false,
      clientTracking: false,
    });
    const server = await startHttpServer({
      port: this.#options.port ?? 0,
      pageFolder: this.#options.pageFolder,
      sessions: this.#sessions,
      onChannel: (request, socket, head) =>
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          const page: PageChannel = new PageChannel(webSocket, this.#pageBackend(), () => this.#pages.delete(page));
          this.#pages.add(page);
        }),
      onLink: (request, socket, head) => this.#hub.handleUpgrade(request, socket, head),
      log,
    });
    stack.use(server);
    this.#port = server.port;
    this.#portTaken = server.portTaken;
    // Stopped before the server, so that devices are told why.
    stack.use(this.#hub);
    stack.defer(() => {
      for (const page of [...this.#pages]) page.dispose();
    });
    if (this.#options.simulation) {
      this.#simulation = stack.use(
        new Simulation({
          host: this.#options.host,
          link: this.linkUrl,
          clock: { id: `desktop-${process.pid}-${this.#epoch}`, epochNanos: String(this.#epoch) },
          ...(this.#options.laboratory === undefined ? {} : { laboratory: this.#options.laboratory }),
          seed: this.#options.seed ?? DEFAULT_SEED,
          log,
          onChanged: () => this.#simulationChanged(),
          onProcessEnded: (program, reason) => this.#submitProcessEnded(program, reason),
        }),
      );
    }
    this.#runs = stack.use(
      new Runs({
        library,
        now: () => this.now(),
        seed: this.#options.seed ?? DEFAULT_SEED,
        prepare: (benchId, scenario, seed) => prepareBench(this.#preparation(), benchId, scenario, seed),
        watchOf: (benchId) => this.watchOf(benchId),
        inject: (benchId, does, params, injectId) => {
          const result = this.#inject(benchId, does, params, injectId);
          return result.ok ? good(undefined) : result;
        },
        accept: (entries) => this.#hub.submit(entries),
        settled: () => this.#hub.drained(),
        onChanged: () => {
          this.#weighDemand();
          this.#news.now();
        },
        onEnded: (result) => this.#runEnded.emit(result),
        hold: () => this.#demand.hold('a run'),
        log,
      }),
    );
    this.#call = createCalls({
      library,
      recorder: this.#recorder,
      recording: this.#recording,
      runs: this.#runs,
      simulation: this.#simulation,
      inject: (benchId, does, params) => this.#inject(benchId, does, params, undefined),
      recordingsChanged: () => this.#refreshRecordings(),
    });
    await this.#refreshRecordings();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }
  get linkUrl(): string {
    return `ws://127.0.0.1:${this.#port}/link`;
  }
  get port(): number {
    return this.#port;
  }
  get portTaken(): number | undefined {
    return this.#portTaken;
  }

  pageUrl(): string {
    return `${this.url}/#token=${this.#sessions.issueToken()}`;
  }

  readonly call: PageBackend['call'] = async (name, input) => {
    const parsed = parseInput(name, input);
    if (!parsed.ok) return parsed;
    try {
      return await this.#call(name, parsed.value);
    } catch (error) {
      this.#options.log.warning(`${name} failed: ${textOf(error)}`);
      return bad({ code: 'internal', message: textOf(error) });
    }
  };

  status(): EngineStatus {
    const recording = this.#recorder.state;
    const { recordingId, bytes } = recording;
    return {
      version: this.#options.version,
      benches: listBenches({
        devices: this.#hub.devices(),
        simulation: this.#simulation,
        policies: SIMULATION_POLICIES,
        runOf: (benchId) => this.#runs?.progressOf(benchId),
      }),
      recording,
      // The list is read now and then; the one being written grows meanwhile.
      recordings: this.#recordings.map((one) =>
        bytes !== undefined && one.open && one.recordingId === recordingId ? { ...one, bytes } : one,
      ),
      refusedFrames: this.#hub.refusedFrames,
      dataFolder: this.#options.dataFolder,
    };
  }

  onStatus(listener: () => void): Disposable {
    return this.#news.on(listener);
  }
  onEntries(listener: (entries: readonly JournalEntry[]) => void): Disposable {
    return this.#entries.on(listener);
  }
  onRunEnded(listener: (result: RunResult) => void): Disposable {
    return this.#runEnded.on(listener);
  }
  holdActive(reason: string): Disposable {
    return this.#demand.hold(reason);
  }

  watchOf(benchId: string): BenchWatch {
    let watch = this.#watches.get(benchId);
    if (watch === undefined) {
      watch = createBenchWatch(createIncidentReducer(benchId));
      this.#watches.set(benchId, watch);
      // Never one that a run looks at: it would wait for incidents that go to another watch.
      const oldest = [...this.#watches.keys()].find(
        (name) => name !== SIMULATED_BENCH && this.#runs?.progressOf(name) === undefined,
      );
      if (this.#watches.size > MAX_BENCHES && oldest !== undefined) this.#watches.delete(oldest);
    }
    return watch;
  }

  now(): DesktopTime {
    return desktopTime(Number(process.hrtime.bigint() - this.#epoch) / 1000);
  }

  dispose(): Promise<void> {
    return this.#stack.dispose();
  }

  // ---- entries

  async #accept(entries: readonly JournalEntry[]): Promise<void> {
    await this.#recording.append(entries);
    this.#history.add(entries);
    for (const entry of entries) {
      this.watchOf(entry.benchId).push(entry);
      this.#runs?.push(entry);
      if (entry.type === 'link') this.#linkChanged(entry.benchId, entry.deviceId, entry.state, entry.reason);
    }
    this.#published.emit();
    this.#entries.emit(entries);
    this.#news.later();
  }

  #submitProcessEnded(program: string, reason: string): void {
    const deviceId = program === 'iphone' ? 'iphone-os' : program;
    const common = { arrivedAt: this.now(), benchId: SIMULATED_BENCH, deviceId };
    this.#hub.submit([{ type: 'link', ...common, state: 'process-ended', reason }]);
  }

  #linkChanged(benchId: string, deviceId: string, state: string, reason: string): void {
    this.#weighDemand();
    this.#news.now();
    if (benchId !== SIMULATED_BENCH) return;
    const isProbe = this.#hub
      .devices()
      .some((one) => one.benchId === benchId && one.deviceId === deviceId && one.role === 'probe');
    if (isProbe) this.#appWatch.linkChanged(deviceId, state, reason);
  }

  // ---- who needs the simulation

  #weighDemand(): void {
    const hasRealDevice = this.#connected().some((device) => device.platform !== 'virtual');
    const isNeeded = this.#demand.isWanted && (!hasRealDevice || this.#runs?.isActive === true);
    this.#simulation?.setWanted(isNeeded);
  }

  #simulationChanged(): void {
    this.#news.now();
    if (this.#simulation?.state !== 'paused' || this.#connected().some((device) => device.platform !== 'virtual'))
      return;
    // Behind what the last devices said on their way out.
    void this.#hub.drained().then(() => this.#recording.endSession());
  }

  #recordingChanged(): void {
    if (this.#recording.isRequested) this.#recordingHold ??= this.#demand.hold('a recording was asked for');
    else {
      this.#recordingHold?.dispose();
      this.#recordingHold = undefined;
    }
    this.#news.now();
    void this.#refreshRecordings();
  }

  async #refreshRecordings(): Promise<void> {
    try {
      this.#recordings = await this.#recorder.listRecordings();
    } catch (error) {
      this.#options.log.warning(`the recordings cannot be listed: ${textOf(error)}`);
    }
    this.#news.now();
  }

  // ---- benches

  #connected() {
    return this.#hub.devices().filter((device) => device.link === 'connected');
  }

  #probeOf(benchId: string) {
    return this.#connected().find((device) => device.benchId === benchId && device.role === 'probe');
  }

  #inject(
    benchId: string,
    does: string,
    params: Parameters<DeviceHub['inject']>[2],
    injectId: string | undefined,
  ): Result<{ readonly injectId: string }, ContractError> {
    const result = this.#hub.inject(benchId, does, params, injectId);
    if (!result.ok) return bad({ code: result.error.code, message: result.error.message });
    if (benchId === SIMULATED_BENCH) this.#simulation?.markUsed();
    return good({ injectId: result.value.injectId });
  }

  #preparation(): PreparationPorts {
    return {
      simulation: this.#simulation,
      now: () => this.now(),
      probeOf: (benchId) => this.#probeOf(benchId)?.deviceId,
      hellos: () => this.#history.hellos(),
      onPublished: (listener) => this.#published.on(listener),
      weighDemand: () => this.#weighDemand(),
    };
  }

  // ---- pages

  #pageBackend(): PageBackend {
    return {
      history: this.#history,
      status: () => this.status(),
      onStatus: (listener) => this.onStatus(listener),
      onPublished: (listener) => this.#published.on(listener),
      call: <N extends EngineCallName>(name: N, input: Parameters<PageBackend['call']>[1]) =>
        this.call(name, input as never),
      openRecording: async (recordingId) => {
        const opened = await this.#recorder.openRecording(recordingId);
        if (!opened.ok) return bad({ code: opened.error.code, message: opened.error.message });
        return good({ recording: opened.value.info, entries: opened.value.batches() });
      },
      beginWatching: () => this.#demand.hold('a page watches'),
    };
  }
}
