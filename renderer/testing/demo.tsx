/** The page over a memory channel, in development only: `npx vite --config scripts/config/vite.config.ts`, then /demo.html. */
import { mountPage } from '../mount.tsx';
import { CallFixture } from './call.fixture.ts';
import { createMemoryEngine } from './memory-engine.fixture.ts';

const LENGTH_SECONDS = 120;
const fixture = new CallFixture(1_000_000_000);
fixture.callStarts(0);
const silent: [number, number][] = [];
const recoveries = [0.42, 0.51, 0.39, 0.88, 0.44, 1.31, 0.47, undefined] as const;
const parts: { at: number; run: () => void }[] = [];
recoveries.forEach((recovery, index) => {
  const at = 8 + index * 14;
  silent.push([at + 0.05, recovery === undefined ? LENGTH_SECONDS : at + 4 + recovery]);
  parts.push({ at, run: () => void fixture.declinedCall(at, index + 1, 4, recovery) });
});
const ordered = [...parts].sort((one, other) => one.at - other.at);
let last = 1;
for (const part of ordered) {
  fixture.levels(last, part.at, silent);
  part.run();
  last = part.at;
}
fixture.levels(last, LENGTH_SECONDS, silent);
const history = [...fixture.entries].sort((one, other) => one.arrivedAt - other.arrivedAt);
const engine = createMemoryEngine(history);

const startedAt = performance.now();
let sent = fixture.entries.length;
let shown = LENGTH_SECONDS;
setInterval(() => {
  const now = LENGTH_SECONDS + (performance.now() - startedAt) / 1000;
  if (now - shown < 0.05) return;
  fixture.levels(shown, now, []);
  shown = now;
  engine.live(fixture.entries.slice(sent));
  sent = fixture.entries.length;
}, 50);

engine.onCall((message) => {
  if (message.name !== 'scenario.run') return;
  engine.setBench({
    run: {
      runId: 'r',
      scenario: message.input.scenario,
      title: 'Phone call, declined',
      step: 'the phone rings',
      repetition: 1,
      of: message.input.repeat ?? 1,
    },
  });
  setTimeout(() => engine.setStatus({}), 0);
});
const element = document.getElementById('page');
if (element !== null) {
  const page = mountPage(element, () => Promise.resolve({ kind: 'open', channel: engine.connect() }));
  Object.assign(window, { sidetoneDemo: { page, engine } });
}
