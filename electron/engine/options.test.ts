import { describe, expect, it } from 'vitest';
import { defaultDataFolder, parseOptions, type Surroundings } from './options.ts';

const linux: Surroundings = { platform: 'linux', home: '/home/ada', environment: {}, workingFolder: '/somewhere' };

describe('the options of npm start', () => {
  it('need none: everything has a default', () => {
    expect(parseOptions([], linux)).toEqual({
      kind: 'start',
      options: { dataFolder: '/home/ada/.local/share/sidetone', port: 0, open: 'auto', simulation: true },
    });
  });

  it('are taken as written; a relative folder is seen from where the user stands', () => {
    expect(parseOptions(['--data', 'calls', '--port=8123', '--no-open', '--no-simulation'], linux)).toEqual({
      kind: 'start',
      options: { dataFolder: '/somewhere/calls', port: 8123, open: 'none', simulation: false },
    });
    expect(parseOptions(['--browser'], linux)).toMatchObject({ options: { open: 'browser' } });
    expect(parseOptions(['--help', '--port', '1'], linux)).toEqual({ kind: 'help' });
  });

  it('that are wrong are said in words', () => {
    const wrong = [
      ['--prot', '1'],
      ['--port'],
      ['--port', '70000'],
      ['--port', '-1'],
      ['--port', 'http'],
      ['--data='],
      ['call.mcap'],
    ];
    for (const argv of [...wrong, ['--browser', '--no-open']]) {
      const parsed = parseOptions(argv, linux);
      expect([argv, parsed.kind]).toEqual([argv, 'wrong']);
      expect(parsed.kind === 'wrong' && parsed.message.length).toBeGreaterThan(10);
    }
  });
});

describe('the data folder', () => {
  it('is where each system keeps such things', () => {
    expect(defaultDataFolder({ ...linux, platform: 'darwin', home: '/Users/ada' })).toBe(
      '/Users/ada/Library/Application Support/Sidetone',
    );
    expect(defaultDataFolder({ ...linux, environment: { XDG_DATA_HOME: '/data' } })).toBe('/data/sidetone');
    expect(defaultDataFolder({ ...linux, environment: { XDG_DATA_HOME: 'relative' } })).toBe(
      '/home/ada/.local/share/sidetone',
    );
  });
});
