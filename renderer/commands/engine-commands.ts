/** Commands that the engine's status brings: scenarios it can run, injections its devices can perform, recordings it has. */
import type { AbilityInfo, ScenarioInfo } from '../../shared/contract/contract.ts';
import type { Page } from '../components/context.ts';
import { type Preset, presetsOf } from './injections.ts';
import type { Command } from './registry.ts';

export function scenarioCommands(scenarios: readonly ScenarioInfo[]): readonly Command<Page>[] {
  return scenarios.map((scenario) => ({
    id: `scenario.${scenario.name}`,
    title: scenario.title,
    section: 'Scenarios',
    also: `run ${scenario.id} ${scenario.name} ${scenario.description}`,
    detail: `${scenario.id} · about ${Math.round(scenario.seconds)} s`,
    enabled: canRun,
    run: (page) => void runScenario(page, scenario.name, 1),
  }));
}

/** Something can be done to the phone: it is there, and what is seen is the present. */
export const canInject = (page: Page): boolean => {
  const bench = page.store.benchInfo();
  const here = page.store.connection.get().kind === 'open' && page.store.view.get().kind === 'live';
  return here && bench !== undefined && bench.state !== 'broken';
};

export const canRun = (page: Page): boolean => canInject(page) && page.store.benchInfo()?.run === undefined;

export async function runScenario(page: Page, scenario: string, repeat: number): Promise<void> {
  const bench = page.store.benchInfo();
  if (bench === undefined) return;
  page.timeline.setFollowing(true);
  await page.session.ask('scenario.run', {
    benchId: bench.benchId,
    scenario,
    policy: bench.policy,
    os: bench.os,
    ...(repeat > 1 ? { repeat } : {}),
  });
}

/** The engine's answer says only that the device was asked; what the device makes of it comes as an event. */
async function inject(page: Page, does: string, preset: Preset): Promise<void> {
  const bench = page.store.benchInfo();
  if (bench === undefined) return;
  const answer = await page.session.ask('bench.inject', { benchId: bench.benchId, does, params: preset.params });
  if (answer.ok) page.store.awaitInjection(answer.output.injectId, preset.title);
}

export function injectionCommands(abilities: readonly AbilityInfo[]): readonly Command<Page>[] {
  return abilities.flatMap((ability) =>
    presetsOf(ability).map((preset) => ({
      id: `inject.${preset.id}`,
      title: preset.title,
      section: 'Inject' as const,
      also: ability.does,
      detail: ability.fidelity,
      enabled: canInject,
      run: (page: Page) => void inject(page, ability.does, preset),
    })),
  );
}
