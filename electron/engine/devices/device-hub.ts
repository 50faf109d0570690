/**
 * All devices on the wire: who they are, what they sent, what they can do.
 *
 *   socket -> connection (parse, refuse) -> session (numbers) -> intake (one order) -> accept (journal, then page) -> ack
 *
 * A session outlives its sockets: a device that comes back resumes where the journal stands.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { AbilityInfo, DeviceInfo } from '../../../shared/contract/contract.ts';
import { CLOSE } from '../../../shared/link/close-codes.ts';
import { createReceiver, type Receiver } from '../../../shared/link/receiver.ts';
import type { HelloEntry, JournalEntry, LinkEntry } from '../../../shared/recording/entry.ts';
import type { DesktopTime } from '../../../shared/time/time.ts';
import type { Frame, FrameOf, Hello } from '../../../shared/wire/frames.ts';
import { MAX_FRAME_BYTES, PROTOCOL_VERSIONS } from '../../../shared/wire/limits.ts';
import { type SalvagedEvent, salvageEvents } from '../../../shared/wire/salvage.ts';
import { good, type Result } from '../lifecycle.ts';
import type { Disposable } from '../ports.ts';
import { type Connection, type ConnectionHandlers, createConnection } from './connection.ts';
import { type Accept, createIntake, type QueuedEntry } from './intake.ts';
import { choosePerformer, type HubError } from './performer.ts';
import { answerRefusal, refuseUpgrade, SUBPROTOCOL } from './upgrade-guard.ts';

export type { HubError, HubErrorCode } from './performer.ts';

export interface HubDevice extends DeviceInfo {
  readonly benchId: string;
  readonly hello: Hello;
  readonly abilities: readonly AbilityInfo[];
}

export interface DeviceHubOptions {
  now(): DesktopTime;
  /**
   * Takes entries over, in order, one batch after the other. Events are acknowledged to their device once it has resolved;
   * when it rejects, the links of the batch are closed and the events come again.
   */
  readonly accept: Accept;
  /** A device came, went or changed, or a counter moved. Coalesce before telling anyone. */
  readonly onChange?: () => void;
  /** Default: HELLO_WITHIN_MILLISECONDS. */
  readonly helloWithinMilliseconds?: number;
}

export interface DeviceHub extends Disposable {
  /** For upgrade requests of /link. Refuses pages (Origin), foreign Hosts and other subprotocols by itself. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The engine's own entries (runs, ended processes), in one order with those of the devices. */
  submit(entries: readonly JournalEntry[]): void;
  devices(): readonly HubDevice[];
  /** The newest hello of each device: what a new recording begins with. */
  hellos(): readonly HelloEntry[];
  /** Asks the device of the bench that can do it. Progress comes back as `inject.state` events. */
  inject(
    benchId: string,
    does: string,
    params: FrameOf<'inject'>['params'],
    /** The caller's own name for it (a scenario run waits for it); made up when absent. */
    wantedId?: string,
  ): Result<{ readonly injectId: string; readonly deviceId: string }, HubError>;
  /** Asks the bench's connected devices for a `session.snapshot`; how many were asked. */
  requestSnapshot(benchId: string): number;
  /** Upgrades and frames refused before a device was known, plus the bad frames of all devices. */
  readonly refusedFrames: number;
  /** Resolves when everything received so far has been taken. */
  drained(): Promise<void>;
  /** Says bye to every device and closes; what was received is still taken. */
  dispose(): Promise<void>;
}

/** Sockets at once: a bench has a handful of devices, and each socket may hold a frame of 256 KiB. */
export const MAX_CONNECTIONS = 64;
/** Devices remembered: the longest gone makes room. */
export const MAX_DEVICES = 64;

interface Device {
  hello: Hello;
  helloEntry: HelloEntry;
  sessionId: string;
  receiver: Receiver;
  connection: Connection | undefined;
  link: DeviceInfo['link'];
  ackTimer: NodeJS.Timeout | undefined;
  eventsReceived: number;
  badFrames: number;
  samplesDropped: number;
}

const keyOf = (benchId: string, deviceId: string): string => `${benchId}/${deviceId}`;

export function createDeviceHub(options: DeviceHubOptions): DeviceHub {
  const { now } = options;
  const changed = (): void => options.onChange?.();
  const devices = new Map<string, Device>();
  const connections = new Set<Connection>();
  let refused = 0;
  let disposing: Promise<void> | undefined;

  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    // Compression costs more than it saves on one machine: measured 20 times slower for small frames.
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });

  const intake = createIntake<Device>({
    accept: options.accept,
    onSampleDropped: (benchId, deviceId) => {
      const device = devices.get(keyOf(benchId, deviceId));
      if (device !== undefined) device.samplesDropped += 1;
      changed();
    },
    onNotTaken: (device) => rollBack(device),
    onFull: (full) => {
      for (const connection of connections) full ? connection.pause() : connection.resume();
    },
  });

  // ---- sessions

  function greet(connection: Connection, hello: Hello, arrivedAt: DesktopTime): Device | undefined {
    const proto = PROTOCOL_VERSIONS.find((version) => hello.proto.includes(version));
    if (proto === undefined) {
      const message = `this engine speaks protocol ${PROTOCOL_VERSIONS.join(', ')}; the device ${hello.proto.join(', ')}`;
      connection.send({ t: 'reject', code: 'version', message });
      connection.close(CLOSE.version, message);
      return undefined;
    }
    const key = keyOf(hello.benchId, hello.deviceId);
    let device = devices.get(key);
    if (device === undefined && !makeRoom()) {
      const message = `${MAX_DEVICES} devices are connected already: close one`;
      connection.send({ t: 'reject', code: 'full', message });
      connection.close(CLOSE.full, message);
      return undefined;
    }
    const { t: _, resume, ...rest } = hello;
    const resumed = device !== undefined && resume?.sessionId === device.sessionId;
    const sessionId = resumed && device !== undefined ? device.sessionId : randomUUID();
    const common = { arrivedAt, benchId: hello.benchId, deviceId: hello.deviceId };
    const helloEntry: HelloEntry = { type: 'hello', ...common, sessionId, hello: rest };
    if (device?.connection !== undefined) {
      const old = device.connection;
      part(device, 'lost', 'a newer connection of the same device took over');
      old.close(CLOSE.replaced, 'a newer connection of the same device took over');
    }
    if (device === undefined || !resumed) {
      const { eventsReceived, badFrames, samplesDropped } = device ?? {
        eventsReceived: 0,
        badFrames: 0,
        samplesDropped: 0,
      };
      device = {
        ...{ hello, helloEntry, sessionId, receiver: createReceiver(), connection, link: 'connected' },
        ...{ ackTimer: undefined, eventsReceived, badFrames, samplesDropped },
      };
    } else {
      device.hello = hello;
      device.helloEntry = helloEntry;
      device.connection = connection;
      device.link = 'connected';
    }
    devices.delete(key);
    devices.set(key, device);
    intake.push([
      { entry: helloEntry },
      { entry: linkEntry(device, arrivedAt, resumed ? 'resumed' : 'connected', hello.title) },
    ]);
    connection.greeted();
    connection.send({ t: 'welcome', proto, sessionId, resumed, last: device.receiver.resume() });
    changed();
    return device;
  }

  /** The longest gone device makes room for a new one. */
  function makeRoom(): boolean {
    if (devices.size < MAX_DEVICES) return true;
    const gone = [...devices].find(([, device]) => device.connection === undefined);
    return gone !== undefined && devices.delete(gone[0]);
  }

  function linkEntry(device: Device, arrivedAt: DesktopTime, state: LinkEntry['state'], reason: string): LinkEntry {
    const { benchId, deviceId } = device.hello;
    return { type: 'link', arrivedAt, benchId, deviceId, state, reason };
  }

  /** The device has no connection any more. */
  function part(device: Device, link: 'lost' | 'closed', reason: string): void {
    device.connection = undefined;
    device.link = link;
    clearTimeout(device.ackTimer);
    device.ackTimer = undefined;
    intake.push([{ entry: linkEntry(device, now(), link, reason) }]);
    changed();
  }

  function acknowledge(device: Device): void {
    clearTimeout(device.ackTimer);
    device.ackTimer = undefined;
    if (device.connection === undefined) return;
    const at = now() / 1000;
    const last = device.receiver.ack(at);
    if (last !== undefined) device.connection.send({ t: 'ack', last });
    const due = device.receiver.ackDue(at);
    // A millisecond more than asked: timers may fire a fraction early.
    if (due !== undefined) device.ackTimer = setTimeout(() => acknowledge(device), due + 1);
  }

  /** Nobody took the entry: the device must send it, and all that followed, again. */
  function rollBack(device: Device): void {
    intake.withdraw(device);
    device.receiver.rollBack();
    device.connection?.fail(
      CLOSE.notStored,
      'not-stored',
      'the engine could not take the events over: send them again',
    );
  }

  const whenStored = (device: Device, last: number) => (): void => {
    device.receiver.stored(last, now() / 1000);
    acknowledge(device);
  };

  // ---- frames

  function takeEvents(
    device: Device,
    connection: Connection,
    items: readonly SalvagedEvent[],
    arrivedAt: DesktopTime,
  ): void {
    const { benchId, deviceId } = device.hello;
    const common = { arrivedAt, benchId, deviceId };
    const result = device.receiver.events(items);
    if (!result.ok) {
      count(device);
      connection.fail(CLOSE.protocol, result.error.code, result.error.message);
      return;
    }
    const { fresh } = result;
    device.eventsReceived += fresh.length;
    const lastSeq = fresh.at(-1)?.seq;
    const { sessionId } = device;
    intake.push(
      fresh.map(({ seq, event }): QueuedEntry<Device> => {
        const entry: JournalEntry =
          event === undefined
            ? { type: 'gap', ...common, gap: { from: seq, to: seq, reason: 'invalid' } }
            : { type: 'event', ...common, sessionId, event };
        const item = { entry, owner: device };
        return seq === lastSeq ? { ...item, done: whenStored(device, lastSeq) } : item;
      }),
    );
  }

  function handle(device: Device, connection: Connection, frame: Frame, arrivedAt: DesktopTime): void {
    const { benchId, deviceId } = device.hello;
    const common = { arrivedAt, benchId, deviceId };
    switch (frame.t) {
      case 'events':
        takeEvents(
          device,
          connection,
          frame.events.map((event) => ({ seq: event.seq, event })),
          arrivedAt,
        );
        return;
      case 'samples':
        intake.push(frame.samples.map((sample) => ({ entry: { type: 'sample', ...common, sample } })));
        return;
      case 'gap': {
        const result = device.receiver.gap(frame.from, frame.to);
        if (!result.ok) {
          count(device);
          connection.fail(CLOSE.protocol, result.error.code, result.error.message);
        } else if (result.gap !== undefined) {
          const gap = { ...result.gap, reason: frame.reason };
          intake.push([{ entry: { type: 'gap', ...common, gap }, owner: device, done: whenStored(device, gap.to) }]);
        }
        return;
      }
      case 'bye':
        part(device, 'closed', frame.reason);
        connection.close(CLOSE.normal, 'bye');
        return;
      case 'error':
        // The device refused something we said. It is on its own screen; here it is only counted.
        count(device);
        return;
      default:
        connection.refuse('unexpected', `a device does not send ${frame.t} frames here`);
    }
  }

  function count(device: Device | undefined): void {
    if (device === undefined) refused += 1;
    else device.badFrames += 1;
    changed();
  }

  return {
    handleUpgrade(request, socket, head) {
      const full = { status: 503, message: `${MAX_CONNECTIONS} sockets are open already` } as const;
      const refusal =
        refuseUpgrade(request.headers) ??
        (disposing !== undefined || connections.size >= MAX_CONNECTIONS ? full : undefined);
      if (refusal !== undefined) {
        count(undefined);
        answerRefusal(socket, refusal);
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        let device: Device | undefined;
        const handlers: ConnectionHandlers = {
          onFrame(frame, arrivedAt) {
            if (device === undefined && frame.t === 'hello') device = greet(connection, frame, arrivedAt);
            else if (device === undefined) connection.refuse('no-hello', 'say hello first');
            else if (device.connection === connection) handle(device, connection, frame, arrivedAt);
          },
          onBadFrame: () => count(device),
          onInvalid(message, arrivedAt) {
            const items = salvageEvents(message);
            if (items === undefined || device?.connection !== connection) return;
            takeEvents(device, connection, items, arrivedAt);
          },
          onClosed(code, reason) {
            connections.delete(connection);
            if (device?.connection !== connection) return;
            part(device, 'lost', reason === '' ? `socket closed (${code})` : reason);
          },
        };
        const connection = createConnection(webSocket, now, handlers, options.helloWithinMilliseconds);
        connections.add(connection);
      });
    },
    submit(entries) {
      intake.push(entries.map((entry) => ({ entry })));
    },
    devices: () =>
      [...devices.values()].map((device) => {
        const { hello, link, eventsReceived, badFrames, samplesDropped } = device;
        const { benchId, deviceId, role, platform, title } = hello;
        const abilities = hello.performs.map(({ does, title: words, fidelity, cause }) => ({
          ...{ does, title: words, fidelity, deviceId },
          ...(cause === undefined ? {} : { cause }),
        }));
        return {
          ...{ benchId, deviceId, role, platform, title, link, eventsReceived, badFrames, samplesDropped },
          ...{ hello, abilities },
        };
      }),
    hellos: () => [...devices.values()].map((device) => device.helloEntry),
    inject(benchId, does, params, wantedId) {
      const chosen = choosePerformer([...devices.values()], benchId, does, params);
      if (!chosen.ok) return chosen;
      const injectId = wantedId ?? `i-${randomUUID()}`;
      chosen.value.connection.send({ t: 'inject', injectId, does, params });
      return good({ injectId, deviceId: chosen.value.hello.deviceId });
    },
    requestSnapshot(benchId) {
      const asked = [...devices.values()].filter(
        (device) => device.hello.benchId === benchId && device.hello.reports.includes('session.snapshot'),
      );
      for (const device of asked) device.connection?.send({ t: 'snapshot' });
      return asked.filter((device) => device.connection !== undefined).length;
    },
    get refusedFrames() {
      return [...devices.values()].reduce((sum, device) => sum + device.badFrames, refused);
    },
    drained: () => intake.drained(),
    dispose() {
      disposing ??= (async () => {
        for (const connection of [...connections]) {
          connection.send({ t: 'bye', reason: 'the engine stops' });
          connection.close(CLOSE.goingAway, 'the engine stops');
        }
        while (connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        await intake.drained();
        for (const device of devices.values()) clearTimeout(device.ackTimer);
        server.close();
      })();
      return disposing;
    },
  };
}
