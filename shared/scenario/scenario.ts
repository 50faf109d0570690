/**
 * What a scenario file says, after reading and before its parameters are filled in (`Scenario`) and after (`ResolvedScenario`).
 * Times are relative to time zero of a run: the instant both directions flow.
 */
import type { OsVersion, PolicyName } from '../iphone/interface.ts';
import type { IncidentState } from '../recovery/incident.ts';
import type { Micros } from '../time/time.ts';
import type { EventKind } from '../wire/kinds.ts';
import type { Cause, Fidelity } from '../wire/values.ts';

/** A scenario is a page of text; more is a mistake or an attack. */
export const MAX_SCENARIO_CHARACTERS = 64 * 1024;
export const MAX_STEPS = 200;
export const MAX_REPEAT = 1000;
/** Longest time a step may be set to: a run is watched by a person or a test, not left over night. */
export const MAX_STEP_TIME_SECONDS = 3600;

export type Scalar = string | number | boolean;

export type Parameter =
  | { readonly type: 'duration'; readonly micros: Micros }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'flag'; readonly value: boolean };

/** `$ringFor`. */
export interface Reference {
  readonly parameter: string;
}
export type OrReference<T> = T | Reference;
export const isReference = (value: unknown): value is Reference =>
  typeof value === 'object' && value !== null && 'parameter' in value;

export interface Position {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The app under test. `manualAudio` and `audioDevice` absent: what the policy itself uses. */
export interface ScenarioApp {
  readonly callKit: boolean;
  readonly manualAudio?: boolean;
  readonly audioDevice?: 'audioUnit' | 'audioEngine';
  readonly policy: PolicyName;
}

interface StepCommon<D> {
  readonly does: string;
  /** Shown while the run is under way. */
  readonly title: string;
  readonly trigger:
    | { readonly kind: 'at'; readonly at: D }
    | {
        readonly kind: 'after';
        readonly event: EventKind;
        /** Fields of the event's data that must be equal. */
        readonly where: Readonly<Record<string, Scalar>>;
        /** Counted from the step before (from time zero for the first); then the run gives up. */
        readonly within: D;
        /** Waited after the event. */
        readonly plus: D;
      };
  readonly position: Position;
}
export type Step = StepCommon<OrReference<Micros>> & {
  readonly params: Readonly<Record<string, OrReference<Scalar>>>;
};
export type ResolvedStep = StepCommon<Micros> & { readonly params: Readonly<Record<string, Scalar>> };

/** What must hold for every incident with this cause; several lines about one cause are all checked. */
interface ExpectationOf<D> {
  readonly cause: Cause;
  /** recoveryLatency, from the moment the cause was gone (or from the user's action when `byUser` is asked). */
  readonly recoveredWithin?: D;
  readonly deadAirAtMost?: { readonly tx?: D; readonly rx?: D };
  readonly notRecovered?: true;
  readonly byUser?: string;
  readonly notAffected?: true;
  readonly state?: IncidentState;
  readonly position: Position;
}
export type Expectation = ExpectationOf<OrReference<Micros>>;
export type ResolvedExpectation = ExpectationOf<Micros>;

interface ScenarioHeader {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly app: ScenarioApp;
  readonly os: OsVersion;
  readonly fidelity: Fidelity;
  /** Rows of the bug catalogue this comes from. */
  readonly from: readonly string[];
  readonly repeat: number;
}
export type Scenario = ScenarioHeader & {
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
};
export type ResolvedScenario = ScenarioHeader & {
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly steps: readonly ResolvedStep[];
  readonly expect: readonly ResolvedExpectation[];
};

/** Something wrong in a scenario file or in what was set on the command line; always says what is allowed. */
export interface ScenarioProblem extends Position {
  readonly code: 'too-large' | 'not-yaml' | 'missing' | 'unknown-key' | 'bad-value' | 'unknown-parameter' | 'order';
  readonly message: string;
}
