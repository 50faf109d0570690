import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where a running engine listens, for `vite` in development; the page then talks to its own origin and is passed on. */
const engine = process.env['SIDETONE_ENGINE'];
const passOn = (webSocket: boolean) =>
  engine === undefined
    ? undefined
    : { target: engine, ws: webSocket, changeOrigin: true, headers: { origin: new URL(engine).origin } };
const session = passOn(false);
const channel = passOn(true);

export default defineConfig({
  root: fromRoot('renderer'),
  // Relative addresses: the same files are served by the engine's http and by Electron's own protocol.
  base: './',
  plugins: [react()],
  build: {
    outDir: fromRoot('dist/page'),
    emptyOutDir: true,
    // The policy is `script-src 'self'; style-src 'self'`: nothing may be inlined as data or as a style element.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    sourcemap: false,
    // One script on loopback: recharts and React are most of it, and splitting would not make the first paint faster.
    chunkSizeWarningLimit: 900,
  },
  server: {
    // Whole paths only: /channel/*.ts are modules of the page.
    host: '127.0.0.1',
    ...(session && channel ? { proxy: { '^/session$': session, '^/channel$': channel } } : {}),
  },
  preview: { host: '127.0.0.1' },
});
