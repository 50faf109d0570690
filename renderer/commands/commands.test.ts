import { describe, expect, it } from 'vitest';
import { groupAbilities, presetsOf } from './injections.ts';
import { isSingleKey, type KeyPress, keyWords, matches } from './keys.ts';
import { PAGE_COMMANDS } from './page-commands.ts';
import { bySection, type Command, search } from './registry.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

describe('keys', () => {
  it('means the command key on a Mac and Control elsewhere', () => {
    expect(matches('Mod+K', press('k', { metaKey: true }), 'MacIntel')).toBe(true);
    expect(matches('Mod+K', press('k', { ctrlKey: true }), 'MacIntel')).toBe(false);
    expect(matches('Mod+K', press('k', { ctrlKey: true }), 'Linux x86_64')).toBe(true);
  });
  it('does not take a letter typed with a modifier for the letter', () => {
    expect(matches('R', press('r'), 'Linux')).toBe(true);
    expect(matches('R', press('r', { ctrlKey: true }), 'Linux')).toBe(false);
    expect(matches('R', press('r', { altKey: true }), 'Linux')).toBe(false);
  });
  it('takes signs as they are typed, whatever the layout needs for them', () => {
    expect(matches('?', press('?', { shiftKey: true }), 'Linux')).toBe(true);
    expect(matches('+', press('+', { shiftKey: true }), 'Linux')).toBe(true);
    expect(matches('Space', press(' '), 'Linux')).toBe(true);
  });
  it('writes shortcuts as the keyboard shows them', () => {
    expect(keyWords('Mod+K', 'MacIntel')).toBe('⌘K');
    expect(keyWords('Mod+K', 'Linux')).toBe('Ctrl+K');
    expect(keyWords('+', 'Linux')).toBe('+');
    expect(isSingleKey('?')).toBe(true);
    expect(isSingleKey('Mod+.')).toBe(false);
  });
});

describe('command registry', () => {
  const command = (id: string, title: string, section: Command<unknown>['section']): Command<unknown> => ({
    id,
    title,
    section,
    run: () => {},
  });
  const commands = [
    command('zoom', 'Zoom in', 'Timeline'),
    command('s02', 'Phone call, declined', 'Scenarios'),
    command('ring', 'Phone rings', 'Inject'),
  ];

  it('offers scenarios first when nothing was typed', () => {
    expect(search(commands, '').map(({ id }) => id)).toEqual(['s02', 'ring', 'zoom']);
  });
  it('finds by all words in any order, and by letters left out', () => {
    expect(search(commands, 'declined phone').map(({ id }) => id)).toEqual(['s02']);
    expect(search(commands, 'zmin').map(({ id }) => id)).toEqual(['zoom']);
    expect(search(commands, 'nonsense')).toEqual([]);
  });
  it('keeps the order of sections and leaves empty ones out', () => {
    expect(bySection(commands).map(({ section }) => section)).toEqual(['Scenarios', 'Inject', 'Timeline']);
  });

  it('has one id a command, and no key that two commands would both take at once', () => {
    const ids = PAGE_COMMANDS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = new Map<string, string[]>();
    for (const { id, keys: own, local } of PAGE_COMMANDS) {
      if (!local) for (const key of own ?? []) keys.set(key, [...(keys.get(key) ?? []), id]);
    }
    // R starts and stops recording: only one of the two is ever possible.
    keys.delete('R');
    expect([...keys].filter(([, users]) => users.length > 1)).toEqual([]);
  });
});

describe('injections', () => {
  const ability = (does: string) => ({ does, title: does, fidelity: 'F0' as const, deviceId: 'x' });

  it('offers abilities that need parameters with useful ones, and no id twice', () => {
    const presets = ['path.blackhole', 'path.loss', 'path.delay', 'phone.ring'].flatMap((does) =>
      presetsOf(ability(does)),
    );
    expect(presets.find(({ id }) => id === 'path.blackhole uplink only')?.params).toEqual({ direction: 'uplink' });
    expect(presets.find(({ id }) => id === 'phone.ring')?.params).toEqual({});
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  });
  it('never leaves out an ability it does not know', () => {
    const groups = groupAbilities([ability('phone.ring'), ability('teleport.now')]);
    expect(groups.map(({ title }) => title)).toEqual(['Phone call', 'Other']);
  });
});
