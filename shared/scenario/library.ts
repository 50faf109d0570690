/** All scenario files together: readers hand in text, because this room touches no disk. */

import { nearest } from './nearest.ts';
import { parseScenario } from './parse.ts';
import type { Scenario, ScenarioProblem } from './scenario.ts';

export interface ScenarioFile {
  /** As shown in messages: `pstn-reject.yaml`. */
  readonly name: string;
  readonly text: string;
}
export interface FileProblem extends ScenarioProblem {
  readonly file: string;
}
export interface Library {
  /** In order of their ids. */
  readonly scenarios: readonly Scenario[];
  /** Files that cannot be read are left out of the list and told here. */
  readonly problems: readonly FileProblem[];
}

export function loadLibrary(files: readonly ScenarioFile[]): Library {
  const scenarios: Scenario[] = [];
  const problems: FileProblem[] = [];
  for (const file of files) {
    const parsed = parseScenario(file.text);
    if (!parsed.ok) {
      problems.push(...parsed.problems.map((problem) => ({ ...problem, file: file.name })));
      continue;
    }
    const { scenario } = parsed;
    const double = scenarios.find((other) => other.id === scenario.id || other.name === scenario.name);
    if (double === undefined) scenarios.push(scenario);
    else {
      const message = `${scenario.id} ${scenario.name} has the id or name of ${double.id} ${double.name}`;
      problems.push({ code: 'bad-value', line: 1, column: 1, file: file.name, message });
    }
  }
  scenarios.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { scenarios, problems };
}

/** By id (`S02`) or name (`pstn-reject`), upper or lower case. */
export function findScenario(library: Library, word: string): Scenario | undefined {
  const lower = word.toLowerCase();
  return library.scenarios.find((scenario) => scenario.id.toLowerCase() === lower || scenario.name === lower);
}

/** `No scenario "pstn-rejct"; did you mean pstn-reject? Known: S02 pstn-reject, ...` */
export function unknownScenario(library: Library, word: string): string {
  const guess = nearest(
    word,
    library.scenarios.flatMap((scenario) => [scenario.id, scenario.name]),
  );
  const known = library.scenarios.map((scenario) => `${scenario.id} ${scenario.name}`).join(', ');
  return `no scenario ${JSON.stringify(word.slice(0, 80))}${guess === undefined ? '.' : `; did you mean ${guess}?`} Known: ${known}`;
}

/** `pstn-reject.yaml:12:7: steps[1].at: ...` */
export const formatProblem = (file: string, problem: ScenarioProblem): string =>
  `${file}:${problem.line}:${problem.column}: ${problem.message}`;

/** Shortest time a run takes from time zero to its last step, in seconds: for lists. */
export function scenarioSeconds(scenario: Scenario): number {
  let latest = 0;
  for (const { trigger } of scenario.steps) {
    if (trigger.kind !== 'at') continue;
    const parameter = typeof trigger.at === 'number' ? undefined : scenario.parameters[trigger.at.parameter];
    const at = typeof trigger.at === 'number' ? trigger.at : parameter?.type === 'duration' ? parameter.micros : 0;
    latest = Math.max(latest, at);
  }
  return Math.ceil(latest / 1_000_000);
}
