import { describe, expect, it } from 'vitest';
import { CATEGORIES, type CategoryName } from './categories.ts';
import { ERRORS, errorByCode, wireError } from './errors.ts';
import { behavingMode, MODES, type ModeName } from './modes.ts';
import { effectiveOptions, isMixable, OPTIONS, optionNames, optionsAllowed } from './options.ts';
import { PORTS } from './ports.ts';
import { INTERRUPTION_REASONS, INTERRUPTION_TYPES, ROUTE_CHANGE_REASONS } from './reasons.ts';

const categories = Object.keys(CATEGORIES) as CategoryName[];
const modes = Object.keys(MODES) as ModeName[];

describe('options an app reads back', () => {
  it('ducking others makes the session mixable', () => {
    expect(effectiveOptions('playAndRecord', 'default', OPTIONS.duckOthers.raw)).toBe(0x3);
    expect(isMixable('playAndRecord', 'voiceChat', 0x2)).toBe(true);
  });
  it('voiceChat brings HFP, videoChat brings HFP and the speaker', () => {
    expect(effectiveOptions('playAndRecord', 'voiceChat', 0)).toBe(0x4);
    expect(effectiveOptions('playAndRecord', 'videoChat', 0)).toBe(0xc);
  });
  it('a mode the category does not know brings nothing', () => {
    expect(behavingMode('playback', 'voiceChat')).toBe('default');
    expect(effectiveOptions('playback', 'voiceChat', 0)).toBe(0);
  });
  it('the mix bit is on whenever a ducking or spoken-audio bit is, in every category and mode', () => {
    for (const category of categories)
      for (const mode of modes)
        for (let requested = 0; requested < 0x100; requested++) {
          const bits = effectiveOptions(category, mode, requested);
          if (bits & 0x12) expect(bits & 0x1).toBe(0x1);
        }
  });
  it('are named once each', () => {
    expect(optionNames(0x4)).toEqual(['allowBluetoothHFP']);
    expect(optionNames(0x11)).toEqual(['mixWithOthers', 'interruptSpokenAudioAndMixWithOthers']);
    expect(optionNames(0)).toEqual([]);
  });
});

describe('combinations the OS refuses with -50', () => {
  it.each([
    ['playback', 'default', 0x8],
    ['playback', 'default', 0x4],
    ['playback', 'default', 0x40],
    ['ambient', 'default', 0x8],
    ['soloAmbient', 'default', 0x1],
    ['record', 'default', 0x2],
    ['record', 'default', 0x20],
    ['playAndRecord', 'voiceChat', 1 << 19],
    ['playAndRecord', 'default', 1 << 18],
    ['playAndRecord', 'default', 1 << 30],
  ] as const)('%s in %s with %i', (category, mode, options) => {
    expect(optionsAllowed(category, mode, options)).toBe(false);
  });
  it.each([
    ['playAndRecord', 'voiceChat', 0x4],
    ['playAndRecord', 'voiceChat', 0x27],
    ['playAndRecord', 'videoChat', 0xff],
    ['playAndRecord', 'default', 1 << 19],
    ['playAndRecord', 'voiceChat', 1 << 18],
    ['playback', 'default', 0x11],
    ['ambient', 'default', 0x2],
    ['record', 'default', 0x4],
  ] as const)('but not %s in %s with %i', (category, mode, options) => {
    expect(optionsAllowed(category, mode, options)).toBe(true);
  });
});

describe('error codes', () => {
  it.each([
    ['!act', 560030580, 'isBusy'],
    ['!cat', 560161140, 'incompatibleCategory'],
    ['!int', 560557684, 'cannotInterruptOthers'],
    ['ent?', 1701737535, 'missingEntitlement'],
    ['siri', 1936290409, 'siriIsRecording'],
    ['!pla', 561015905, 'cannotStartPlaying'],
    ['!rec', 561145187, 'cannotStartRecording'],
    ['!pri', 561017449, 'insufficientPriority'],
    ['!res', 561145203, 'resourceNotAvailable'],
    ['msrv', 1836282486, 'mediaServicesFailed'],
    ['!ses', 561210739, 'expiredSession'],
    ['inac', 1768841571, 'sessionNotActive'],
    ['what', 2003329396, 'unspecified'],
  ])('%s is %i, %s', (fourCC, code, name) => {
    expect(errorByCode(code)).toMatchObject({ fourCC, name });
  });
  it('knows badParam by its number and unknown numbers not at all', () => {
    expect(errorByCode(-50)?.name).toBe('badParam');
    expect(errorByCode(7)).toBeUndefined();
    expect(wireError('badParam')).toEqual({ domain: 'NSOSStatusErrorDomain', code: -50, name: 'badParam' });
    expect(new Set(Object.values(ERRORS).map((error) => error.code)).size).toBe(Object.keys(ERRORS).length);
  });
});

describe('raw values as the OS sends them', () => {
  it('interruption types and reasons', () => {
    expect(INTERRUPTION_TYPES).toEqual({ ended: 0, began: 1 });
    expect(INTERRUPTION_REASONS.routeDisconnected.raw).toBe(4);
  });
  it('route change reasons skip 5', () => {
    expect(Object.values(ROUTE_CHANGE_REASONS)).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
  });
  it('port types are unique, and HFP goes both ways', () => {
    const raws = Object.values(PORTS).map((port) => port.raw);
    expect(new Set(raws).size).toBe(raws.length);
    expect(PORTS.bluetoothHFP).toMatchObject({ raw: 'BluetoothHFP', input: true, output: true });
    expect(PORTS.headsetMic.raw).toBe('MicrophoneWired');
  });
  it('a process starts in a category that interrupts others and has no input', () => {
    expect(CATEGORIES.soloAmbient).toMatchObject({ raw: 'AVAudioSessionCategorySoloAmbient', input: false });
  });
});
