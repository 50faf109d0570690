/**
 * The OS end of the simulated iPhone: the model with a real clock, and the hand that does things to the phone.
 *
 *   engine --inject--> stimulus -> model -> effects --IPC--> app end      gates, claims, call wishes
 *   engine <--events-- causes, inject.state          --signals--> app end  suspension
 *   app end --IPC--> ICE states -> stimulus
 *
 * Never stopped itself. Ends with its parent (stdin closes, SIGTERM) and leaves no process behind.
 */
import type { AudioGates, Fact } from '../../shared/iphone/interface.ts';
import { createIphone, snapshotFact, step } from '../../shared/iphone/model.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import type { InjectFrame } from '../client/device-link.ts';
import { isOutsideStimulus } from './abilities.ts';
import { type AppProcess, startAppProcess } from './app-process.ts';
import { createClock } from './clock.ts';
import { readConfiguration } from './configuration.ts';
import { type AppliedEffect, createDriver } from './driver.ts';
import { createEnding, OS_END_LIMIT_MILLISECONDS } from './ending.ts';
import type { ToOs } from './ipc.ts';
import { connectOsDevice } from './os-device.ts';

const EXIT_WRONG_USAGE = 2;
const EXIT_NOT_TO_BE_HAD = 3;
/** A reader who joins late sees the session within this, even when nothing happens. */
const SNAPSHOT_EVERY_MILLISECONDS = 5000;

function main(argument: string | undefined): void {
  const read = readConfiguration(argument);
  if (argument === undefined || !read.ok) {
    process.stderr.write(`iphone: ${read.ok ? 'no configuration' : read.message}\n`);
    process.exit(EXIT_WRONG_USAGE);
  }
  const { configuration } = read;
  const { profile } = configuration;
  const now = createClock(configuration.clock.epochNanos);
  const link = connectOsDevice(configuration, now);
  const log = (level: EventData<'log'>['level'], message: string) => link.event('log', { level, message }, 'lab');

  const report = (fact: Fact, at: DeviceTime) => {
    if (fact.from === 'lab') link.event(fact.kind, fact.data, fact.source, at);
    else app.send({ t: 'report', at, fact });
  };
  const sendGates = (gates: AudioGates, at: DeviceTime) => app.send({ t: 'gates', at, gates });

  const apply = (effect: AppliedEffect): void => {
    switch (effect.kind) {
      case 'report':
        report(effect.fact, effect.at);
        break;
      case 'gates':
        sendGates(effect.gates, effect.at);
        break;
      case 'iceRestart':
        app.send({ t: 'iceRestart', why: effect.why });
        break;
      case 'startCall':
        app.send({ t: 'startCall' });
        break;
      case 'hangUp':
        app.send({ t: 'hangUp' });
        break;
      case 'suspendProcess':
        app.suspend();
        break;
      case 'resumeProcess':
        app.resume();
        break;
    }
  };
  const driver = createDriver({
    initial: createIphone(profile, now()),
    step: (state, stimulus) => step(state, stimulus, profile),
    now,
    alarms: {
      set: (run, milliseconds) => setTimeout(run, milliseconds),
      clear: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
    },
    apply,
  });

  const snapshot = (why: 'request' | 'periodic') => {
    // A stopped app reads nothing, and what waits for it must not pile up.
    if (!app.running) return;
    report(snapshotFact(driver.state, why), now());
  };
  let begun = false;
  const begin = () => {
    begun = true;
    sendGates(driver.state.gates, now());
    const refused = driver.stimulate({ kind: 'outside', does: 'call.start', params: {} });
    if (refused !== undefined) log('error', `call.start: ${refused.message}`);
    process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  };
  const listen = (message: ToOs): void => {
    switch (message.t) {
      case 'ready':
        begin();
        break;
      case 'snapshotWanted':
        snapshot('request');
        break;
      case 'iceState':
        driver.stimulate({ kind: 'webrtc.iceState', state: message.state });
        break;
      case 'iceRestarted':
        driver.stimulate({ kind: 'webrtc.iceRestarted', ok: message.ok });
        break;
    }
  };
  const app: AppProcess = startAppProcess({
    argument,
    onMessage: listen,
    onDeath(how) {
      if (!begun) {
        process.stderr.write(`iphone: the app's process did not start: it ${how}\n`);
        process.exit(EXIT_NOT_TO_BE_HAD);
      }
      driver.stop();
      link.event('app.state', { state: 'terminated' }, 'os');
      log('error', `the app's process ${how}`);
    },
  });

  const perform = ({ injectId, does, params }: InjectFrame): void => {
    const say = (phase: EventData<'inject.state'>['phase'], reason?: string) =>
      link.event(
        'inject.state',
        { injectId, does, phase, fidelity: 'F0', ...(reason === undefined ? {} : { reason }) },
        'inject',
      );
    if (!isOutsideStimulus(does)) {
      say('failed', `unknown: ${does}`);
      return;
    }
    if (!app.alive) {
      say('failed', "the app's process is not running");
      return;
    }
    say('accepted');
    const refused = driver.stimulate({ kind: 'outside', does, params, injectId });
    if (refused === undefined) say('fired');
    else say('failed', refused.message);
  };
  link.onInject(perform);
  link.onSnapshot(() => snapshot('request'));
  const snapshots = setInterval(() => snapshot('periodic'), SNAPSHOT_EVERY_MILLISECONDS);

  const { end } = createEnding(OS_END_LIMIT_MILLISECONDS, async () => {
    clearInterval(snapshots);
    driver.stop();
    await Promise.all([app.end(), link.close('the phone is switched off')]);
  });
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
  process.on('SIGTERM', end);
  // Ctrl-C in a terminal reaches the whole process group; who was started by the engine waits for what it decides.
  process.on('SIGINT', process.stdin.isTTY ? end : () => undefined);
  // The reader of our words may be gone already; that is no reason to crash.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
}

main(process.argv[2]);
