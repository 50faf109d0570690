/** The relay on the wire: performs `path.*`, tells what the path does, and names the causes it begins and clears. */
import type { InjectFrame } from '../../../companion/client/device-link.ts';
import type { EventData } from '../../../shared/wire/kinds.ts';
import type { FarEndLink } from '../link.ts';
import { changeFaults, NO_FAULTS, type PathFaults } from './faults.ts';
import type { Fronts } from './fronts.ts';

export const RELAY_REPORTS = ['inject.state', 'path.state', 'path', 'cause.began', 'cause.cleared', 'log'] as const;
export const RELAY_PERFORMS = [
  { does: 'path.blackhole', title: 'Network path gone', fidelity: 'F0', cause: 'pathLoss' },
  { does: 'path.heal', title: 'Network path back', fidelity: 'F0' },
  { does: 'path.loss', title: 'Packet loss', fidelity: 'F0' },
  { does: 'path.delay', title: 'Delay and jitter', fidelity: 'F0' },
  { does: 'path.rebind', title: 'NAT gives another port', fidelity: 'F0', cause: 'pathChange' },
  { does: 'path.expireBindings', title: 'NAT binding expires', fidelity: 'F0', cause: 'pathChange' },
] as const;

const SAMPLE_EVERY_MILLISECONDS = 500;
type PathState = EventData<'path.state'>;

export interface RelayDevice {
  state(): PathState;
  stop(): void;
}

export function createRelayDevice(link: FarEndLink, fronts: Fronts): RelayDevice {
  let faults: PathFaults = NO_FAULTS;
  let rebinds = 0;
  let causes = 0;
  /** The blackhole in force, as a cause that is not cleared yet. */
  let openCause: string | undefined;
  /** What each expired binding has to say once there is a new one: they may expire again before that (in a blackhole). */
  const expired: (() => void)[] = [];
  let reported = '';

  const state = (): PathState => ({
    blackhole: faults.blackhole,
    lossRatio: faults.lossRatio,
    delayMicros: faults.delay,
    jitterMicros: faults.jitter,
    rebinds,
  });
  const reportState = () => {
    const now = state();
    const text = JSON.stringify(now);
    if (text === reported) return;
    reported = text;
    link.event('path.state', now, 'path');
  };
  const begin = (cause: 'pathLoss' | 'pathChange', title: string, injectId: string | undefined): string => {
    causes += 1;
    const causeId = `relay-${causes}`;
    const injected = injectId === undefined ? {} : { injectId };
    link.event('cause.began', { causeId, cause, title, ...injected, fidelity: 'F0' }, 'lab');
    return causeId;
  };
  const clear = (causeId: string, cause: 'pathLoss' | 'pathChange', how: string) =>
    link.event('cause.cleared', { causeId, cause, how }, 'lab');

  const BLACKHOLE_TITLES = {
    both: 'Network path gone',
    uplink: 'Uplink gone',
    downlink: 'Downlink gone',
    none: '',
  } as const;

  const perform = async (inject: InjectFrame): Promise<void> => {
    const { injectId, does, params } = inject;
    const say = (phase: 'accepted' | 'fired' | 'observed' | 'failed', reason?: string) =>
      link.event(
        'inject.state',
        { injectId, does, phase, fidelity: 'F0', ...(reason === undefined ? {} : { reason }) },
        'inject',
      );
    if (does === 'path.rebind') {
      say('accepted');
      const causeId = begin('pathChange', 'NAT gave another port', injectId);
      await fronts.rebind();
      rebinds += 1;
      say('fired');
      clear(causeId, 'pathChange', 'packets leave from the new port');
      reportState();
      return;
    }
    if (does === 'path.expireBindings') {
      say('accepted');
      // In a living call the expiry is the cause. Of a silent (suspended) phone the silence is, and it has been told already.
      const living = fronts.expireBindings();
      const causeId = living ? begin('pathChange', 'NAT binding expired', injectId) : undefined;
      say('fired');
      expired.push(() => {
        say('observed', 'the phone sent again and was given a new binding');
        if (causeId !== undefined) clear(causeId, 'pathChange', 'a new binding was made');
      });
      return;
    }
    const change = changeFaults(faults, does, params);
    if (!change.ok) {
      say('failed', change.message);
      return;
    }
    say('accepted');
    faults = change.faults;
    fronts.setFaults(faults);
    if (faults.blackhole === 'none' && openCause !== undefined) {
      clear(openCause, 'pathLoss', 'path returned');
      openCause = undefined;
    } else if (does === 'path.blackhole' && openCause === undefined)
      openCause = begin('pathLoss', BLACKHOLE_TITLES[faults.blackhole], injectId);
    say('fired');
    reportState();
  };

  fronts.onNewBinding(() => {
    if (expired.length === 0) return;
    rebinds += 1;
    for (const tell of expired.splice(0)) tell();
    reportState();
  });
  // One after the other: a rebind that is still opening sockets must not be overtaken.
  let turn: Promise<void> = Promise.resolve();
  const stopListening = link.onInject((inject) => {
    turn = turn
      .then(() => perform(inject))
      .catch((error: unknown) => {
        link.event('log', { level: 'error', message: `${inject.does}: ${String(error)}` }, 'path');
      });
  });
  const timer = setInterval(() => {
    const { uplinkPackets, downlinkPackets, droppedPackets } = fronts.counters();
    link.sample('path', { uplinkPackets, downlinkPackets, droppedPackets });
  }, SAMPLE_EVERY_MILLISECONDS);
  reportState();

  return {
    state,
    stop() {
      clearInterval(timer);
      stopListening();
    },
  };
}
