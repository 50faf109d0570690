/** Single injections as buttons: abilities that need parameters are offered with useful ones, grouped by what they do. Pure. */
import type { AbilityInfo } from '../../shared/contract/contract.ts';

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

/** Values worth trying: total loss each way, what a bad cellular link loses, a satellite's delay. */
const WITH_PARAMETERS: Readonly<
  Record<string, readonly { readonly suffix: string; readonly params: Preset['params'] }[]>
> = {
  'path.blackhole': [
    { suffix: 'both ways', params: { direction: 'both' } },
    { suffix: 'uplink only', params: { direction: 'uplink' } },
    { suffix: 'downlink only', params: { direction: 'downlink' } },
  ],
  'path.loss': [
    { suffix: '5 %', params: { ratio: 0.05 } },
    { suffix: '20 %', params: { ratio: 0.2 } },
    { suffix: 'none', params: { ratio: 0 } },
  ],
  'path.delay': [
    { suffix: '150 ms ± 30', params: { milliseconds: 150, jitterMilliseconds: 30 } },
    { suffix: '600 ms', params: { milliseconds: 600, jitterMilliseconds: 0 } },
    { suffix: 'none', params: { milliseconds: 0, jitterMilliseconds: 0 } },
  ],
};

export function presetsOf(ability: AbilityInfo): readonly Preset[] {
  const presets = WITH_PARAMETERS[ability.does];
  if (presets === undefined) return [{ id: ability.does, title: ability.title, params: {} }];
  return presets.map(({ suffix, params }) => ({
    id: `${ability.does} ${suffix}`,
    title: `${ability.title}, ${suffix}`,
    params,
  }));
}

const GROUPS: readonly { readonly title: string; readonly starts: readonly string[] }[] = [
  { title: 'Phone call', starts: ['phone.'] },
  { title: 'Second call and hold', starts: ['callkit.', 'user.'] },
  { title: 'Siri and alarm', starts: ['siri.', 'alarm.'] },
  { title: 'Route', starts: ['airpods.', 'wired.', 'route.'] },
  { title: 'App and microphone', starts: ['app.', 'mic.', 'call.'] },
  { title: 'Network path', starts: ['path.'] },
];

/** Groups in the order a person looks for them; what fits none comes last, never left out. */
export function groupAbilities(
  abilities: readonly AbilityInfo[],
): readonly { readonly title: string; readonly abilities: readonly AbilityInfo[] }[] {
  const groupOf = (ability: AbilityInfo): string =>
    GROUPS.find((group) => group.starts.some((start) => ability.does.startsWith(start)))?.title ?? 'Other';
  return [...GROUPS.map((group) => group.title), 'Other']
    .map((title) => ({ title, abilities: abilities.filter((ability) => groupOf(ability) === title) }))
    .filter((group) => group.abilities.length > 0);
}
