/**
 * Keyboard shortcuts: `Mod+K`, `Shift+ArrowLeft`, `?`. Mod is the command key on a Mac and Control elsewhere. Pure.
 */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const isMac = (platform: string): boolean => /mac|iphone|ipad/i.test(platform);
const here = (): string => (typeof navigator === 'undefined' ? '' : navigator.platform);

/** Does this press mean these keys? Shift counts only where the keys name it or a letter needs it: `?` is Shift+/ on some layouts. */
export function matches(keys: string, press: KeyPress, platform: string = here()): boolean {
  const parts = keys.split('+').filter((part) => part !== '');
  const key = keys.endsWith('+') ? '+' : (parts.at(-1) ?? '');
  const mod = parts.includes('Mod');
  const modPressed = isMac(platform) ? press.metaKey : press.ctrlKey;
  const otherPressed = isMac(platform) ? press.ctrlKey : press.metaKey;
  if (mod !== modPressed || otherPressed || press.altKey !== parts.includes('Alt')) return false;
  const named = parts.includes('Shift');
  const letter = /^[a-z]$/i.test(key);
  if (named !== press.shiftKey && (named || letter || key.length > 1)) return false;
  return (
    press.key === key ||
    (letter && press.key.toLowerCase() === key.toLowerCase()) ||
    (key === 'Space' && press.key === ' ')
  );
}

const MAC: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const OTHER: Readonly<Record<string, string>> = { Mod: 'Ctrl', Shift: 'Shift', Alt: 'Alt' };
const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  '-': '−',
};

/** `⌘K` on a Mac, `Ctrl+K` elsewhere. */
export function keyWords(keys: string, platform: string = here()): string {
  const mac = isMac(platform);
  const parts = keys.endsWith('+') ? [...keys.slice(0, -1).split('+').filter(Boolean), '+'] : keys.split('+');
  return parts.map((part) => (mac ? MAC : OTHER)[part] ?? NAMES[part] ?? part).join(mac ? '' : '+');
}

/** Keys without a modifier act only when they cannot be text. */
export const isSingleKey = (keys: string): boolean => !keys.includes('Mod+') && !keys.includes('Alt+');
