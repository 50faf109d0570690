/** AVAudioSession: what the app's calls on it do. Sources: AVAudioSession.h and AVAudioSessionTypes.h, SDK 27. */
import { CATEGORIES } from '../audio/categories.ts';
import { type ErrorName, wireError } from '../audio/errors.ts';
import { MODES } from '../audio/modes.ts';
import { effectiveOptions, isMixable, optionsAllowed } from '../audio/options.ts';
import type { EventData } from '../wire/kinds.ts';
import type { Caller, Job, ThreadName } from './jobs.ts';
import { call, note, type Phone, post, tell } from './phone.ts';
import { recomputeRoute } from './routes.ts';
import { switchOf } from './switches.ts';

type CallName = EventData<'session.call'>['call'];
type Args = EventData<'session.call'>['args'];
type SessionJob<D extends Job['do']> = Extract<Job, { readonly do: D }>;

const finish = (
  phone: Phone,
  thread: ThreadName,
  job: Job & { readonly by: Caller },
  name: CallName,
  args: Args,
  error: ErrorName | 'none',
): void => {
  phone[thread].error = error;
  if (error !== 'none') phone[thread].failed = true;
  note(phone, { layer: 'session', call: name, args: { ...args, by: job.by, error } });
  tell(phone, 'app', 'session.call', {
    call: name,
    args,
    by: job.by,
    ok: error === 'none',
    ...(error === 'none' ? {} : { error: wireError(error) }),
    durationMicros: job.took ?? 0,
  });
};

/** Why the OS refuses to activate now; 'none' when it does not. */
const activationError = (phone: Phone): ErrorName | 'none' => {
  const { os, session, callkit } = phone;
  // While another call has the audio: "insufficient priority" (forum 749202); only CallKit can give it back.
  if (callkit.call === 'held') return 'insufficientPriority';
  const inputRefused = CATEGORIES[session.category].input && os.holders.some(({ source }) => source === 'phoneCall');
  // Mixing with others does not help: recording is refused while another app hosts a call (AVAudioSession.h).
  if (inputRefused) return 'insufficientPriority';
  if (isMixable(session.category, session.mode, session.options)) return 'none';
  if (os.holders.some((holder) => holder.source === 'phoneCall')) return 'none';
  if (os.holders.some((holder) => holder.source === 'siri')) return 'siriIsRecording';
  // That an alarm refuses in the foreground with !pri is assumed.
  if (os.holders.length > 0) return os.app === 'active' ? 'insufficientPriority' : 'cannotInterruptOthers';
  // An interrupted CallKit session in the background: "may not be reactivated by the app" (field-bugs B01).
  if (session.interrupted && callkit.audio === 'activated' && os.app !== 'active') return 'missingEntitlement';
  return 'none';
};

/** The session becomes active, by whomever. */
export const becomeActive = (phone: Phone, by: 'app' | 'webrtc' | 'callkit'): void => {
  const { session } = phone;
  session.active = true;
  session.interrupted = false;
  if (by === 'callkit') session.owner = 'callkit';
  else if (session.owner === 'none') session.owner = 'app';
  note(phone, { layer: 'session', state: 'active', args: { by } });
  if (switchOf(phone.profile, 'postsLifecycleNotifications'))
    post(phone, 'main', { do: 'note.becameActive', takes: 'notification' });
};

export const setActive = (phone: Phone, thread: ThreadName, job: SessionJob<'session.setActive'>): void => {
  const { session } = phone;
  const args: Args = job.active ? { active: true } : { active: false, options: 1 };
  if (job.active) {
    const asked = session.active ? 'none' : activationError(phone);
    const error = phone.os.mediaServer === 'lost' ? 'mediaServicesFailed' : asked;
    finish(phone, thread, job, 'setActive', args, error);
    if (error !== 'none' || session.active) return;
    tell(phone, 'app', 'session.active', { by: job.by });
    becomeActive(phone, job.by);
    return;
  }
  const busy =
    session.active && phone.unit === 'started' && switchOf(phone.profile, 'busyWhenDeactivatedRunning')
      ? ('isBusy' as const)
      : ('none' as const);
  const error = phone.os.mediaServer === 'lost' ? 'mediaServicesFailed' : busy;
  finish(phone, thread, job, 'setActive', args, error);
  // Busy or not, the session is deactivated (AVAudioSession.h, since iOS 8).
  if (!session.active || error === 'mediaServicesFailed') return;
  session.active = false;
  session.owner = 'none';
  note(phone, { layer: 'session', state: 'inactive', args: { source: 'app' } });
  tell(phone, 'app', 'session.inactive', { source: 'app' });
  if (switchOf(phone.profile, 'postsLifecycleNotifications'))
    post(phone, 'main', { do: 'note.becameInactive', source: 'app', takes: 'notification' });
};

export const setCategory = (phone: Phone, thread: ThreadName, job: SessionJob<'session.setCategory'>): void => {
  const { session } = phone;
  const args = { category: CATEGORIES[job.category].raw, mode: MODES[job.mode].raw, options: job.options };
  const error =
    phone.os.mediaServer === 'lost'
      ? 'mediaServicesFailed'
      : optionsAllowed(job.category, job.mode, job.options)
        ? 'none'
        : 'badParam';
  finish(phone, thread, job, 'setCategory', args, error);
  if (error !== 'none') return;
  if (session.category !== job.category) session.override = 'none';
  session.category = job.category;
  session.mode = job.mode;
  session.options = job.options;
  recomputeRoute(phone, 'categoryChange');
};

export const setPreferredRate = (
  phone: Phone,
  thread: ThreadName,
  job: SessionJob<'session.setPreferredRate'>,
): void => {
  phone.session.preferredRate = job.hertz;
  finish(phone, thread, job, 'setPreferredSampleRate', { sampleRate: job.hertz }, 'none');
};

export const setPreferredBuffer = (
  phone: Phone,
  thread: ThreadName,
  job: SessionJob<'session.setPreferredBuffer'>,
): void => {
  phone.session.preferredBuffer = job.seconds;
  finish(phone, thread, job, 'setPreferredIOBufferDuration', { duration: job.seconds }, 'none');
};

export const overrideOutput = (phone: Phone, thread: ThreadName, job: SessionJob<'session.override'>): void => {
  const allowed = phone.session.category === 'playAndRecord';
  finish(phone, thread, job, 'overrideOutputAudioPort', { port: job.port }, allowed ? 'none' : 'incompatibleCategory');
  if (!allowed || phone.session.override === job.port) return;
  phone.session.override = job.port;
  recomputeRoute(phone, 'override');
};

export const preferBuiltInMic = (
  phone: Phone,
  thread: ThreadName,
  job: SessionJob<'session.preferBuiltInMic'>,
): void => {
  finish(phone, thread, job, 'setPreferredInput', { port: job.prefer ? 'MicrophoneBuiltIn' : null }, 'none');
  if (phone.session.preferBuiltInMic === job.prefer) return;
  phone.session.preferBuiltInMic = job.prefer;
  recomputeRoute(phone, 'override');
};

/** Reads what the app would read. */
export const readOptions = (phone: Phone): number =>
  effectiveOptions(phone.session.category, phone.session.mode, phone.session.options);

/** setActive as the OS calls it on behalf of RTCAudioSession's own handlers, which hold no lock. */
export const callSetActive = (phone: Phone, active: boolean): void =>
  call(phone, { do: 'session.setActive', active, by: 'webrtc', takes: 'setActive' });
