/**
 * Every delay of the simulated OS and of WebRTC's calls, as a triangular distribution in milliseconds.
 * Few of them have been measured by anyone who published it: the others say `assumed`, and so does every figure that
 * a simulated run gives (fidelity F0). "S02" and the like are the scenario rows of the field collection.
 */
import { fromMilliseconds, type Micros } from '../time/time.ts';
import { draw } from './random.ts';

export interface Delay {
  readonly least: number;
  readonly likely: number;
  readonly most: number;
  readonly source: string;
}
const row = (least: number, likely: number, most: number, source = 'assumed'): Delay => ({
  least,
  likely,
  most,
  source,
});

export const DELAYS = {
  // The OS takes and gives back the session.
  causeToInterruption: row(20, 60, 120),
  notification: row(1, 3, 10),
  declineToEnded: row(250, 300, 400, 'S02: declined at 3000, ended at 3300; spread assumed'),
  hangUpToEnded: row(350, 400, 500, 'S03: hung up at 30000, ended at 30400; spread assumed'),
  siriToEnded: row(150, 200, 400),
  alarmToEnded: row(150, 250, 400),
  answerToBackground: row(200, 300, 600),
  hangUpToForeground: row(900, 1000, 1200, 'S03: hung up at 30000, app active at 31000; spread assumed'),
  // Routes.
  deviceToRoute: row(20, 40, 80),
  caseToRoute: row(35, 40, 60, 'S24: interruption at 0, route change at 40; spread assumed'),
  hfpWake: row(2000, 2500, 3000, 'field-bugs 0.4: AirPods microphone wake gap 2 to 3 s (justspeaktoit #980)'),
  // Calls on AVAudioSession block the caller.
  setActive: row(8, 25, 80),
  setCategory: row(2, 6, 20),
  setPreferred: row(1, 2, 5),
  override: row(5, 15, 40),
  // WebRTC.
  mediaSetUp: row(60, 100, 200),
  audioThreadHop: row(0.1, 0.5, 2),
  unitInitialize: row(20, 60, 120),
  unitStart: row(20, 50, 120),
  unitStop: row(5, 15, 40),
  unitUninitialize: row(2, 5, 15),
  // CallKit.
  callKitAction: row(5, 20, 60),
  fulfillToActivate: row(100, 200, 400),
  holdToInterruption: row(40, 50, 80, 'S05: held at 0, began at 50; spread assumed'),
  interruptionToDeactivate: row(50, 70, 110, 'S05: began at 50, didDeactivate at 120; spread assumed'),
  unholdToActivate: row(200, 250, 400, 'S05: unheld at 20000, didActivate 250 later; spread assumed'),
  endToDeactivate: row(30, 60, 150),
} as const satisfies Readonly<Record<string, Delay>>;
export type DelayName = keyof typeof DELAYS;

/** Draws a delay; `next` is the generator's new state. */
export const drawDelay = (name: DelayName, random: number): { readonly micros: Micros; readonly next: number } => {
  const { least, likely, most } = DELAYS[name];
  const { value, next } = draw(random);
  const turn = (likely - least) / (most - least);
  const milliseconds =
    value < turn
      ? least + Math.sqrt(value * (most - least) * (likely - least))
      : most - Math.sqrt((1 - value) * (most - least) * (most - likely));
  return { micros: fromMilliseconds(milliseconds), next };
};
