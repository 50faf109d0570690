/**
 * `npm run dev`: the engine as it is built, and the page served by Vite, which reloads it as it is edited. Vite hands
 * /session and /channel on to the engine with the engine's own Host and Origin (scripts/config/vite.config.ts), so the
 * engine's checks stay as strict as ever.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer } from 'vite';
import { root } from './setup/bootstrap.mjs';

const engine = spawn(
  process.execPath,
  [join(root, 'dist', 'electron', 'engine', 'main.js'), '--no-open', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
  },
);

/** The engine prints its page's address, with the one-time token behind `#`. */
const pageUrl = await new Promise((resolve, reject) => {
  createInterface({ input: engine.stdout }).on('line', (line) => {
    console.log(line);
    const found = /http:\/\/127\.0\.0\.1:\d+\/\S*#\S+/.exec(line);
    if (found !== null) resolve(new URL(found[0]));
  });
  engine.once('close', (code) => reject(new Error(`the engine ended with status ${code}`)));
});

process.env.SIDETONE_ENGINE = pageUrl.origin;
const server = await createServer({ configFile: join(root, 'scripts', 'config', 'vite.config.ts') });
await server.listen();
console.log(`page with reload: http://127.0.0.1:${server.config.server.port}/${pageUrl.hash}`);

engine.once('close', async () => {
  await server.close();
  process.exit(0);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => engine.kill('SIGTERM'));
