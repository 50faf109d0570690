/** How the window is made: a pure function, so that its security is tested as data. */
import type { BrowserWindowConstructorOptions } from 'electron';

export interface WindowSurroundings {
  readonly platform: NodeJS.Platform;
  readonly isDark: boolean;
}

/** The page's own background, so that nothing flashes before its first paint. */
const BACKGROUND = { dark: '#1c1c1e', light: '#f5f5f7' } as const;

export function windowOptions({ platform, isDark }: WindowSurroundings): BrowserWindowConstructorOptions {
  return {
    title: 'Sidetone',
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    // Shown once it has painted.
    show: false,
    backgroundColor: isDark ? BACKGROUND.dark : BACKGROUND.light,
    ...(platform === 'darwin' ? { titleBarStyle: 'hiddenInset' as const } : {}),
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      // Measurements go on while another window is in front.
      backgroundThrottling: false,
      spellcheck: false,
    },
  };
}
