/** AVAudioSession: active or not, interrupted or not, and where its audio goes. */
import type { DeviceTime } from '../../time/time.ts';
import type { Route } from '../../wire/values.ts';
import type { LaneReducer } from '../placed.ts';
import type { Presence } from '../presence.ts';
import { StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';
import { errorInWords, lowerWords, routeInWords } from '../words.ts';

interface Active {
  readonly active: boolean;
  readonly why: string;
}
interface Interruption {
  readonly interrupted: boolean;
  readonly reason: string;
}

export function createSessionLanes(presence: Presence): LaneReducer {
  const active = new Track<Active>();
  const interruption = new Track<Interruption>();
  const media = new Track<'lost' | 'reset'>();
  const routes = new Track<Route>();

  const session = new StateLane(
    'session',
    [active, media],
    (at) => {
      if (media.valueAt(at) === 'lost') return { value: 'mediaLost', label: 'Media services lost', tone: 'bad' };
      const now = active.valueAt(at);
      if (now === undefined) return undefined;
      if (now.active) return { value: 'active', label: 'Active', tone: 'good' };
      return { value: 'inactive', label: now.why === '' ? 'Inactive' : `Inactive: ${now.why}`, tone: 'bad' };
    },
    presence,
  );
  const interrupted = new StateLane(
    'interruption',
    [interruption],
    (at) => {
      const now = interruption.valueAt(at);
      if (now === undefined || !now.interrupted) return undefined;
      return {
        value: 'interrupted',
        label: now.reason === '' ? 'Interrupted' : `Interrupted: ${now.reason}`,
        tone: 'warning',
      };
    },
    presence,
  );
  const route = new StateLane(
    'route',
    [routes],
    (at) => {
      const now = routes.valueAt(at);
      if (now === undefined) return undefined;
      const label = routeInWords(now);
      const whole = now.inputs.length > 0 && now.outputs.length > 0;
      return { value: label, label, tone: whole ? 'neutral' : 'bad' };
    },
    presence,
  );
  const setActive = (at: DeviceTime, value: Active, seq: number) => {
    // A snapshot that says what is known already keeps the reason that is known already.
    if (value.why === '' && active.valueAt(at)?.active === value.active) return;
    active.set(at, value, seq);
    session.touch(at);
  };
  const setRoute = (at: DeviceTime, value: Route, seq: number) => {
    routes.set(at, value, seq);
    route.touch(at);
  };
  const setInterruption = (at: DeviceTime, value: Interruption, seq: number) => {
    interruption.set(at, value, seq);
    interrupted.touch(at);
  };

  return {
    lanes: [session, interrupted, route],
    push(placed, mark) {
      if (placed.type !== 'event' || !placed.own) return;
      const { event } = placed;
      const { at, seq } = event;
      switch (event.kind) {
        case 'session.active':
          setActive(at, { active: true, why: '' }, seq);
          return;
        case 'session.inactive': {
          const by = event.data.source === 'system' ? 'taken by the system' : 'by the app';
          const reason = event.data.reason === undefined ? '' : ` (${lowerWords(event.data.reason)})`;
          setActive(at, { active: false, why: by + reason }, seq);
          return;
        }
        case 'session.interruption': {
          const began = event.data.type === 'began';
          setInterruption(at, { interrupted: began, reason: began ? lowerWords(event.data.reason ?? '') : '' }, seq);
          const resume = event.data.shouldResume;
          const hint = resume === undefined ? '' : resume ? ', should resume' : ', should not resume';
          const label = began ? 'Interruption began' : `Interruption ended${hint}`;
          mark({ at, lane: 'interruption', label, tone: began ? 'warning' : 'good', seq });
          return;
        }
        case 'resume.hint': {
          const label = {
            yes: 'OS recommends to resume',
            no: 'OS advises against resuming',
            none: 'OS gives no advice',
          };
          mark({ at, lane: 'interruption', label: label[event.data.hint], tone: 'neutral', seq });
          return;
        }
        case 'session.snapshot':
          setActive(at, { active: event.data.active, why: '' }, seq);
          if ((interruption.valueAt(at)?.interrupted ?? false) !== event.data.interrupted) {
            setInterruption(at, { interrupted: event.data.interrupted, reason: '' }, seq);
          }
          setRoute(at, event.data.route, seq);
          return;
        case 'route.changed':
          setRoute(at, event.data.current, seq);
          mark({
            at,
            lane: 'route',
            label: `Route changed: ${lowerWords(event.data.reason)}`,
            tone: event.data.reason === 'noSuitableRouteForCategory' ? 'bad' : 'neutral',
            seq,
          });
          return;
        case 'media.services':
          media.set(at, event.data.state, seq);
          session.touch(at);
          mark({
            at,
            lane: 'session',
            label: event.data.state === 'lost' ? 'Media services lost' : 'Media services reset',
            tone: 'bad',
            seq,
          });
          return;
        case 'session.call': {
          const target = event.data.call === 'setActive' ? `(${String(event.data.args['active'])})` : '';
          const result = event.data.ok
            ? ''
            : ` failed: ${event.data.error === undefined ? 'no error given' : errorInWords(event.data.error)}`;
          const label = `${event.data.call}${target} by ${event.data.by}${result}`;
          mark({ at, lane: 'session', label, tone: event.data.ok ? 'neutral' : 'bad', seq });
          return;
        }
        default:
      }
    },
  };
}
