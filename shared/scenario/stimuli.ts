/**
 * Everything a step can do, with the parameters it takes. The phone's own stimuli come from the model's list; the network
 * path's are performed by the relay.
 */
import { OUTSIDE_STIMULI } from '../iphone/interface.ts';

export type ParamRule =
  | { readonly type: 'choice'; readonly of: readonly string[] }
  | { readonly type: 'number'; readonly least: number; readonly most: number }
  | { readonly type: 'flag' };

export interface StimulusRow {
  readonly params: Readonly<Record<string, ParamRule & { readonly required?: true }>>;
}

const none: StimulusRow = { params: {} };

export const PATH_STIMULI = [
  'path.blackhole',
  'path.heal',
  'path.loss',
  'path.delay',
  'path.rebind',
  'path.expireBindings',
] as const;
export type PathStimulusName = (typeof PATH_STIMULI)[number];
export const isPathStimulus = (does: string): does is PathStimulusName =>
  (PATH_STIMULI as readonly string[]).includes(does);

const pathRows: Readonly<Record<PathStimulusName, StimulusRow>> = {
  'path.blackhole': { params: { direction: { type: 'choice', of: ['both', 'uplink', 'downlink'] } } },
  'path.heal': none,
  'path.loss': { params: { ratio: { type: 'number', least: 0, most: 1, required: true } } },
  'path.delay': {
    params: {
      milliseconds: { type: 'number', least: 0, most: 10_000, required: true },
      jitterMilliseconds: { type: 'number', least: 0, most: 10_000 },
    },
  },
  'path.rebind': none,
  'path.expireBindings': none,
};

/**
 * What the OS says at the end of an interruption can be set, because real phones differ (field-bugs B08, B22):
 * `shouldResume` the hint, `ended: false` no end at all.
 */
const interruptionEnd: StimulusRow = { params: { shouldResume: { type: 'flag' }, ended: { type: 'flag' } } };
const phoneRows: Readonly<Record<string, StimulusRow>> = {
  'phone.decline': interruptionEnd,
  'phone.callerGivesUp': interruptionEnd,
  'phone.localHangUp': interruptionEnd,
  'phone.remoteHangUp': interruptionEnd,
  'siri.end': interruptionEnd,
  'alarm.dismiss': interruptionEnd,
};

export const STIMULI: ReadonlyMap<string, StimulusRow> = new Map<string, StimulusRow>([
  ...OUTSIDE_STIMULI.map((does): [string, StimulusRow] => [does, phoneRows[does] ?? none]),
  ...PATH_STIMULI.map((does): [string, StimulusRow] => [does, pathRows[does]]),
]);
