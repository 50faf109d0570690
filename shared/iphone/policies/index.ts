/** All app policies by name, and the profile each wants. */
import type { IphoneProfile, PolicyName } from '../interface.ts';
import { POLICIES } from '../interface.ts';
import { careful } from './careful.ts';
import { gateOnShouldResume } from './gate-on-should-resume.ts';
import { neverRestartsUnit } from './never-restarts-unit.ts';
import type { Policy, PolicyInfo } from './policy.ts';

const BY_NAME: Readonly<Record<PolicyName, Policy>> = { careful, gateOnShouldResume, neverRestartsUnit };

export const policyOf = (name: PolicyName): Policy => BY_NAME[name];

/** For the page: titles and descriptions, in order. */
export const POLICY_INFO: readonly PolicyInfo[] = POLICIES.map((name) => BY_NAME[name].info);

/** The profile of a phone whose app follows `policy`; what `overrides` names wins over what the policy asks for. */
export const profileFor = (policy: PolicyName, overrides: Partial<IphoneProfile> = {}): IphoneProfile => {
  const { audioDevice, manualAudio } = BY_NAME[policy].info;
  const callKit = overrides.callKit ?? false;
  return {
    os: '27',
    policy,
    callKit,
    manualAudio: manualAudio === 'always' || callKit,
    audioDevice,
    seed: 1,
    ...overrides,
  };
};
