import { describe, expect, it } from 'vitest';
import { menuTemplate } from './menu.ts';
import { mayNavigate, mayOpenWindow, pageOriginOf } from './navigation.ts';
import { createPermissions, type MacPermissions, readAll } from './permissions.ts';
import { windowOptions } from './window-options.ts';

describe('the window', () => {
  it('has a page without Node, in a sandbox, in a world of its own', () => {
    for (const platform of ['darwin', 'linux'] as const) {
      const { webPreferences } = windowOptions({ platform, isDark: true });
      expect(webPreferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        allowRunningInsecureContent: false,
      });
      expect(webPreferences).not.toHaveProperty('preload');
    }
  });

  it('looks like a Mac window on a Mac, and never flashes the wrong background', () => {
    expect(windowOptions({ platform: 'darwin', isDark: false }).titleBarStyle).toBe('hiddenInset');
    expect(windowOptions({ platform: 'linux', isDark: false })).not.toHaveProperty('titleBarStyle');
    const [dark, light] = [true, false].map((isDark) => windowOptions({ platform: 'darwin', isDark }).backgroundColor);
    expect(dark).not.toBe(light);
    expect(windowOptions({ platform: 'darwin', isDark: true }).show).toBe(false);
  });

  it("goes nowhere but to the engine's own page, however the address is written", () => {
    const origin = 'http://127.0.0.1:4190';
    for (const good of ['/', '/#token=x', '/assets/a.js']) expect(mayNavigate(`${origin}${good}`, origin)).toBe(true);
    const bad = [
      'http://127.0.0.1:4190.evil.example/',
      'http://127.0.0.1:4190@evil.example/',
      'http://127.0.0.1:41900/',
    ];
    bad.push(
      'https://127.0.0.1:4190/',
      'http://user:pw@127.0.0.1:4190/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      '',
    );
    for (const target of bad) expect([target, mayNavigate(target, origin)]).toEqual([target, false]);
    expect(mayOpenWindow()).toBe(false);
  });

  it('loads only a loopback page it was handed', () => {
    expect(pageOriginOf('http://127.0.0.1:4190/#token=x')).toBe('http://127.0.0.1:4190');
    for (const bad of [
      undefined,
      '',
      'http://example.org:80/',
      'https://127.0.0.1:1/',
      'file:///x',
      'http://127.0.0.1/',
    ]) {
      expect(pageOriginOf(bad)).toBeUndefined();
    }
  });
});

describe('the menu', () => {
  it('has App, Edit, View and Window on a Mac, made of roles only', () => {
    const menu = menuTemplate('darwin', 'Sidetone');
    expect(menu.map((item) => item.label)).toEqual(['Sidetone', 'Edit', 'View', 'Window']);
    const items = menu.flatMap((item) => (Array.isArray(item.submenu) ? item.submenu : []));
    expect(items.every((item) => item.role !== undefined || item.type === 'separator')).toBe(true);
    for (const role of ['quit', 'copy', 'selectAll', 'togglefullscreen', 'minimize']) {
      expect(items.some((item) => item.role === role)).toBe(true);
    }
  });

  it('can quit elsewhere too', () => {
    const items = menuTemplate('linux', 'Sidetone').flatMap((item) =>
      Array.isArray(item.submenu) ? item.submenu : [],
    );
    expect(items.some((item) => item.role === 'quit')).toBe(true);
  });
});

describe('permissions', () => {
  it('are unsupported where the package is not, without failing', async () => {
    const permissions = createPermissions(async () => undefined);
    expect(await readAll(permissions)).toEqual({
      microphone: 'unsupported',
      bluetooth: 'unsupported',
      screen: 'unsupported',
      accessibility: 'unsupported',
    });
    expect(await permissions.request('microphone')).toBe('unsupported');
  });

  it("are read and asked for in the package's own words", async () => {
    const asked: string[] = [];
    let microphone = 'not determined';
    const mac: MacPermissions = {
      getAuthStatus: (kind) => (kind === 'microphone' ? microphone : kind === 'screen' ? 'denied' : 'limited'),
      askForMicrophoneAccess: async () => (microphone = 'authorized'),
      askForAccessibilityAccess: () => asked.push('accessibility'),
      askForScreenCaptureAccess: (open) => asked.push(`screen ${open}`),
    };
    const permissions = createPermissions(async () => mac);
    expect(await permissions.read('microphone')).toBe('notDetermined');
    expect(await permissions.request('microphone')).toBe('authorized');
    expect(await permissions.request('screen')).toBe('denied');
    expect(await permissions.read('bluetooth')).toBe('unsupported');
    expect(asked).toEqual(['screen true']);
  });

  it('come out as unsupported from the real loader off a Mac', async (context) => {
    context.skip(process.platform === 'darwin', 'on a Mac the real loader answers, and would ask the user');
    expect(await createPermissions().read('microphone')).toBe('unsupported');
  });
});
