/** Reads the scenarios that ship with Sidetone. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScenarioInfo } from '../../shared/contract/contract.ts';
import { type Library, loadLibrary, scenarioSeconds } from '../../shared/scenario/library.ts';
import type { Scenario } from '../../shared/scenario/scenario.ts';

/** YAML stays in the source tree: dist/ holds only what is compiled. */
export function libraryFolder(): string {
  const root = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);
  return fileURLToPath(new URL('shared/scenario/library/', root));
}

export async function readLibrary(folder = libraryFolder()): Promise<Library> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  return loadLibrary(files);
}

export function scenarioInfo(scenario: Scenario): ScenarioInfo {
  return {
    id: scenario.id,
    name: scenario.name,
    title: scenario.title,
    description: scenario.description,
    fidelity: scenario.fidelity,
    policy: scenario.app.policy,
    callKit: scenario.app.callKit,
    seconds: scenarioSeconds(scenario),
  };
}
