import { describe, expect, it } from 'vitest';
import type { Incident } from '../recovery/incident.ts';
import { createIncidentReducer } from '../recovery/reduce.ts';
import * as shapes from '../recovery/shapes.fixture.ts';
import { at, BENCH, type Journal } from '../timeline/journal.fixture.ts';
import { headline, narrate } from './narrate.ts';

function incidentOf(journal: Journal): Incident {
  const reducer = createIncidentReducer(BENCH);
  for (const entry of journal.entries) reducer.push(entry);
  return reducer.incidents()[0] as Incident;
}
const words = (journal: Journal): readonly string[] => narrate(incidentOf(journal), at(0)).map((line) => line.text);

describe('narration', () => {
  it('tells a declined call from ring to recovery', () => {
    expect(words(shapes.declinedCall())).toEqual([
      '0:05 Phone call rings.',
      '0:05 Neither side could hear the other.',
      '0:08 The call was declined.',
      '0:08 The phone told the app that it may go on.',
      '0:08 Both ways back 500 ms after the call was declined.',
    ]);
  });
  it('says what the agent may have missed when the network was gone', () => {
    expect(words(shapes.pathHole())).toEqual([
      '0:10 Network path gone.',
      '0:10 The user could not hear the agent.',
      '0:10 The agent missed between 1.40 s and 11.04 s of the user.',
      '0:18 The network was back.',
      '0:18 Both ways back 400 ms after the network was back.',
    ]);
  });
  it('ends with what did not come back', () => {
    expect(words(shapes.neverRestartsUnit()).at(-1)).toBe('0:39 Both ways never came back.');
  });
  it('says that a held call waits for the user', () => {
    expect(words(shapes.heldWithoutUnhold(29_900)).at(-1)).toBe(
      '0:25 The call stayed on hold: only the user can resume it.',
    );
  });
});

describe('headlines', () => {
  it('say how each shape went', () => {
    const headlines = Object.fromEntries(
      Object.entries(shapes.SHAPES).map(([name, make]) => [name, headline(incidentOf(make()))]),
    );
    expect(headlines).toEqual({
      declinedCall: 'Phone call rings: both ways back 500 ms after the call was declined',
      heldUntilUnheld: 'Held for another call: both ways back 400 ms after the user did something about it (unhold)',
      neverRestartsUnit: 'Siri listens: both ways never came back',
      pathHole: 'Network path gone: both ways back 400 ms after the network was back',
      pathHoleWithRestart: 'Network path gone: both ways back 190 ms after the network was back',
      suspension: 'App suspended: both ways back 30 ms after the app ran again',
      airpodsIntoCase: 'AirPods into their case: both ways back 900 ms after the route was gone',
      unaffected: 'Phone call rings: the call was not affected',
      overlapping: 'Siri listens, then Phone call rings: both ways back 400 ms after Siri was closed',
      unexplained: "Agent not heard: the agent's voice back 2.50 s after it began",
      linkLost: 'Phone call rings: not known how it went on',
      observedInterruption: 'Audio interrupted: both ways back 700 ms after the phone said the app may go on',
    });
  });
});
