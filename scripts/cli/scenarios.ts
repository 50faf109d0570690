/** `sidetone scenarios`: what can be run. */
import { readLibrary, scenarioInfo } from '../../electron/engine/scenarios.ts';
import { formatProblem } from '../../shared/scenario/library.ts';
import { toMilliseconds } from '../../shared/time/time.ts';
import { type Command, EXIT, flagOption } from './command.ts';

export const scenarios: Command = {
  name: 'scenarios',
  usage: 'scenarios [--json]',
  summary: 'list the scenarios that can be run',
  options: { json: { type: 'boolean', help: 'as one JSON document' } },
  words: { least: 0, most: 0 },
  async run(values, _words, terminal) {
    const library = await readLibrary();
    for (const problem of library.problems) terminal.say(formatProblem(problem.file, problem));
    if (flagOption(values, 'json')) {
      const list = library.scenarios.map((scenario) => ({
        ...scenarioInfo(scenario),
        os: scenario.os,
        from: scenario.from,
        parameters: Object.fromEntries(
          Object.entries(scenario.parameters).map(([name, value]) => [
            name,
            value.type === 'duration' ? `${toMilliseconds(value.micros)}ms` : value.value,
          ]),
        ),
      }));
      terminal.print(JSON.stringify({ schemaVersion: 1, scenarios: list }, undefined, 2));
    } else {
      const width = Math.max(0, ...library.scenarios.map((scenario) => scenario.name.length));
      for (const scenario of library.scenarios) {
        const app = scenario.app.callKit ? 'CallKit   ' : 'no CallKit';
        const seconds = `${scenarioInfo(scenario).seconds} s`.padStart(5);
        terminal.print(`${scenario.id}  ${scenario.name.padEnd(width)}  ${app}  ${seconds}  ${scenario.title}`);
      }
    }
    return library.problems.length > 0 ? EXIT.wrongUsage : EXIT.good;
  },
};
