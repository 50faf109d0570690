/** Notifications as they reach the app: the raw one, the version-neutral facts, then RTCAudioSession, then the app. */
import {
  DEACTIVATION_SOURCES,
  INTERRUPTION_REASONS,
  INTERRUPTION_TYPES,
  KEYS,
  NOTIFICATIONS,
  RECOMMENDATIONS,
  ROUTE_CHANGE_REASONS,
  SHOULD_RESUME,
} from '../audio/reasons.ts';
import type { Route } from '../wire/values.ts';
import type { Job } from './jobs.ts';
import { call, note, type Phone, post, tell } from './phone.ts';
import { switchOf } from './switches.ts';

type NoteJob<D extends Job['do']> = Extract<Job, { readonly do: D }>;
type UserInfo = Readonly<Record<string, string | number | boolean | null>>;

const notified = (phone: Phone, name: string, userInfo: UserInfo): void => {
  note(phone, { layer: 'os', notify: name, args: userInfo });
  tell(phone, 'os', 'os.notification', { name, userInfo: { ...userInfo } });
};

export const interruptionBegan = (phone: Phone, { reason }: NoteJob<'note.interruptionBegan'>): void => {
  notified(phone, NOTIFICATIONS.interruption, {
    [KEYS.interruptionType]: INTERRUPTION_TYPES.began,
    [KEYS.interruptionReason]: INTERRUPTION_REASONS[reason].raw,
  });
  tell(phone, 'os', 'session.interruption', { type: 'began', reason });
  tell(phone, 'os', 'session.inactive', { source: 'system', reason });
  call(phone, { do: 'rtc.began' }, { do: 'app.observe', seen: { see: 'interruptionBegan', reason } });
};

export const interruptionEnded = (phone: Phone, { shouldResume }: NoteJob<'note.interruptionEnded'>): void => {
  notified(phone, NOTIFICATIONS.interruption, {
    [KEYS.interruptionType]: INTERRUPTION_TYPES.ended,
    [KEYS.interruptionOption]: shouldResume ? SHOULD_RESUME : 0,
  });
  tell(phone, 'os', 'session.interruption', { type: 'ended', shouldResume });
  if (!switchOf(phone.profile, 'postsLifecycleNotifications'))
    tell(phone, 'os', 'resume.hint', { hint: shouldResume ? 'yes' : 'no' });
  call(
    phone,
    { do: 'rtc.ended', shouldResume },
    { do: 'app.observe', seen: { see: 'interruptionEnded', shouldResume } },
  );
};

export const becameActive = (phone: Phone): void => notified(phone, NOTIFICATIONS.didBecomeActive, {});

export const becameInactive = (phone: Phone, { source, reason }: NoteJob<'note.becameInactive'>): void => {
  notified(phone, NOTIFICATIONS.didBecomeInactive, {
    [KEYS.deactivationSource]: DEACTIVATION_SOURCES[source],
    // The interruption context is there only when the session was interrupted.
    ...(reason === undefined ? {} : { [KEYS.deactivationReason]: INTERRUPTION_REASONS[reason].raw }),
  });
  // Where the legacy notification is posted too, the fact has been told with it.
  if (reason !== undefined && !switchOf(phone.profile, 'postsLegacyInterruption'))
    tell(phone, 'os', 'session.inactive', { source, reason });
};

export const resumption = (phone: Phone, { shouldResume }: NoteJob<'note.resumption'>): void => {
  notified(phone, NOTIFICATIONS.resumptionRecommendation, {
    [KEYS.recommendation]: shouldResume ? RECOMMENDATIONS.shouldResume : RECOMMENDATIONS.shouldNotResume,
  });
  tell(phone, 'os', 'resume.hint', { hint: shouldResume ? 'yes' : 'no' });
  call(phone, { do: 'app.observe', seen: { see: 'resumption', shouldResume } });
};

const inWords = (route: Route): string =>
  `${route.inputs.map((port) => port.type).join('+') || 'none'} -> ${route.outputs.map((port) => port.type).join('+') || 'none'}`;

export const routeChanged = (phone: Phone, job: NoteJob<'note.routeChanged'>): void => {
  const { reason, previous, current, rate } = job;
  const reasonCode = ROUTE_CHANGE_REASONS[reason];
  notified(phone, NOTIFICATIONS.routeChange, {
    [KEYS.routeChangeReason]: reasonCode,
    [KEYS.previousRoute]: inWords(previous),
  });
  const ports = (route: Route): Route => ({ inputs: [...route.inputs], outputs: [...route.outputs] });
  tell(phone, 'os', 'route.changed', {
    reason,
    reasonCode,
    previous: ports(previous),
    current: ports(current),
    sampleRateHz: rate,
  });
  note(phone, { layer: 'rtc', notify: 'didChangeRoute', args: { reason: reasonCode } });
  tell(phone, 'rtc', 'rtc.delegate', { callback: 'audioSessionDidChangeRoute', args: { reason: reasonCode } });
  // The device acts on reasons 0 to 4, 6 and 7; 8 it ignores (WebRTC bb9331c, audio_session_observer glue).
  if (reasonCode !== ROUTE_CHANGE_REASONS.routeConfigurationChange && phone.device.initialized)
    post(phone, 'audio', { do: 'device.routeChange', takes: 'audioThreadHop' });
  call(phone, { do: 'app.observe', seen: { see: 'routeChanged', reason, previous } });
};

export const appState = (phone: Phone, { state }: NoteJob<'note.appState'>): void => {
  if (state === 'active') notified(phone, NOTIFICATIONS.appDidBecomeActive, {});
  tell(phone, 'os', 'app.state', { state });
  if (state === 'active') call(phone, { do: 'rtc.foreground' }, { do: 'app.observe', seen: { see: 'foreground' } });
};

export const mediaServices = (phone: Phone, { state }: NoteJob<'note.mediaServices'>): void => {
  notified(phone, state === 'lost' ? NOTIFICATIONS.mediaServicesWereLost : NOTIFICATIONS.mediaServicesWereReset, {});
  tell(phone, 'os', 'media.services', { state });
  call(phone, { do: 'rtc.afterEvent' }, { do: 'rtc.notifyMedia', state });
};
