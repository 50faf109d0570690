/**
 * The path between phone and gateway. Each real endpoint E has a front socket F(E) on loopback, and its peer is told F(E) in
 * place of E. A packet from E that arrives at F(X) is sent on to X from F(E): so X sees its peer where it expects it.
 *
 *      phone P  -->  F(G) ~~~~~~~~ relay ~~~~~~~~ F(P)  -->  gateway G
 *               <--       (faults work in here)         <--
 *
 * F(P) is what a NAT would have given the phone: rebinding gives it another port, expiry takes it away until the phone
 * next sends. Packets whose source is not 127.0.0.1 are dropped: both peers also ping from their LAN sockets.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { DeviceTime } from '../../../shared/time/time.ts';
import { type Direction, fateOf, NO_FAULTS, type PathFaults } from './faults.ts';
import type { PacketLog } from './packet-log.ts';

const LOOPBACK = '127.0.0.1';
/** A call needs two, every ICE restart two more; the least recently used gives way. */
export const MAX_FRONTS = 32;

export type Side = 'phone' | 'gateway';

export interface PathCounters {
  readonly uplinkPackets: number;
  readonly downlinkPackets: number;
  readonly droppedPackets: number;
  readonly strangerPackets: number;
}

export interface Fronts {
  /** The front before the endpoint at this loopback port, opened when there is none yet. Resolves to the front's port. */
  register(port: number, side: Side): Promise<number>;
  setFaults(faults: PathFaults): void;
  /** Gives every phone endpoint a front on a new port and closes the old one. */
  rebind(): Promise<void>;
  /** Closes the phone's fronts; the phone's next packet opens new ones. Returns whether the phone was sending lately. */
  expireBindings(): boolean;
  onNewBinding(listener: () => void): void;
  counters(): PathCounters;
  close(): void;
}

interface Front {
  readonly port: number;
  readonly side: Side;
  socket: Socket | undefined;
  /** While the socket is being bound. */
  opening: Promise<Socket> | undefined;
  lastSentAt: number;
}

/** A call sends 50 packets a second; one that has been silent for this long is not living (suspended, or gone). */
const LIVING_WITHIN_MICROS = 1_000_000;

export function createFronts(options: {
  readonly now: () => DeviceTime;
  readonly chance: () => number;
  readonly log: PacketLog | undefined;
}): Fronts {
  const { now, chance, log } = options;
  const byPort = new Map<number, Front>();
  const counts = { uplink: 0, downlink: 0, dropped: 0, strangers: 0 };
  const queues = { uplink: createQueue(), downlink: createQueue() };
  let faults = NO_FAULTS;
  let bindingListener: () => void = () => {};
  let closed = false;

  const open = (front: Front): Promise<Socket> => {
    if (front.opening !== undefined) return front.opening;
    const socket = createSocket('udp4');
    front.opening = new Promise<Socket>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, LOOPBACK, () => {
        socket.off('error', reject);
        // A send to a peer that is just gone may be refused: on a path that is loss, nothing else.
        socket.on('error', () => {});
        socket.on('message', (packet, from) => pass(front, socket, packet, from));
        if (closed) socket.close();
        else front.socket = socket;
        resolve(socket);
      });
    }).finally(() => {
      front.opening = undefined;
    });
    return front.opening;
  };
  const closeFront = (front: Front) => {
    front.socket?.close();
    front.socket = undefined;
  };
  const frontFor = (port: number, side: Side): Front => {
    const known = byPort.get(port);
    if (known?.side === side) return known;
    if (known !== undefined) {
      // The system gave a port that one end had let go to the other end: what was known of it is of the past.
      closeFront(known);
      byPort.delete(port);
    }
    if (byPort.size >= MAX_FRONTS) {
      const [oldest] = [...byPort.values()].sort((a, b) => a.lastSentAt - b.lastSentAt);
      if (oldest !== undefined) {
        closeFront(oldest);
        byPort.delete(oldest.port);
      }
    }
    const front: Front = { port, side, socket: undefined, opening: undefined, lastSentAt: now() };
    byPort.set(port, front);
    return front;
  };

  const pass = (to: Front, at: Socket, packet: Buffer, source: RemoteInfo) => {
    if (source.address !== LOOPBACK || at !== to.socket) {
      counts.strangers += 1;
      return;
    }
    // A source nobody registered is the other side's (peer reflexive): it gets its front now.
    const from = byPort.get(source.port) ?? frontFor(source.port, to.side === 'phone' ? 'gateway' : 'phone');
    const direction: Direction = from.side === 'phone' ? 'uplink' : 'downlink';
    const arrivedAt = now();
    from.lastSentAt = arrivedAt;
    const fate = fateOf(faults, direction, chance);
    log?.packet(arrivedAt, direction, packet, fate.forward);
    if (!fate.forward) {
      counts.dropped += 1;
      return;
    }
    counts[direction] += 1;
    if (fate.delay > 0 || queues[direction].waiting) {
      queues[direction].add(fate.delay / 1000, () => send(from, to, packet));
    } else send(from, to, packet);
  };
  const send = (from: Front, to: Front, packet: Buffer) => {
    if (closed) return;
    if (from.socket !== undefined) {
      from.socket.send(packet, to.port, LOOPBACK);
      return;
    }
    const first = from.opening === undefined;
    open(from).then(
      (socket) => {
        if (closed) return;
        socket.send(packet, to.port, LOOPBACK);
        if (first && from.side === 'phone') bindingListener();
      },
      (error: unknown) => process.stderr.write(`relay: cannot open a front: ${String(error)}\n`),
    );
  };

  const phones = () => [...byPort.values()].filter((front) => front.side === 'phone');
  return {
    async register(port, side) {
      const front = frontFor(port, side);
      const socket = front.socket ?? (await open(front));
      return socket.address().port;
    },
    setFaults(next) {
      faults = next;
    },
    async rebind() {
      await Promise.all(
        phones().map(async (front) => {
          const old = front.socket;
          front.socket = undefined;
          await open(front);
          // Only now: closed earlier, the system could hand out the same port again.
          old?.close();
        }),
      );
    },
    expireBindings() {
      const at = now();
      const living = phones().some((front) => at - front.lastSentAt < LIVING_WITHIN_MICROS);
      for (const front of phones()) closeFront(front);
      return living;
    },
    onNewBinding(listener) {
      bindingListener = listener;
    },
    counters: () => ({
      uplinkPackets: counts.uplink,
      downlinkPackets: counts.downlink,
      droppedPackets: counts.dropped,
      strangerPackets: counts.strangers,
    }),
    close() {
      closed = true;
      queues.uplink.clear();
      queues.downlink.clear();
      for (const front of byPort.values()) closeFront(front);
      byPort.clear();
    },
  };
}

/** Packets on their way, in order: one never overtakes the one before it, whatever its own delay. */
function createQueue() {
  const due: { readonly at: number; readonly send: () => void }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const arm = () => {
    const head = due[0];
    timer = head === undefined ? undefined : setTimeout(run, Math.max(0, head.at - performance.now()));
  };
  const run = () => {
    // Timers fire up to a millisecond early or late; half of one either way is as good as due.
    while (due[0] !== undefined && due[0].at <= performance.now() + 0.5) due.shift()?.send();
    arm();
  };
  return {
    get waiting() {
      return due.length > 0;
    },
    add(delayMilliseconds: number, send: () => void) {
      const at = Math.max(performance.now() + delayMilliseconds, due.at(-1)?.at ?? 0);
      due.push({ at, send });
      if (timer === undefined) arm();
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      due.length = 0;
    },
  };
}
