/** Stands for an engine that is killed without warning: starts one child through the built process host and says its pid. */
import { createNodeProcessHost } from '../../../dist/electron/engine/process-host.js';

const child = new URL('./child.fixture.mjs', import.meta.url).pathname;
const started = await createNodeProcessHost({ programs: { relay: child } }).start('relay', {});
process.stdout.write(`${started.ok ? started.process.pid : started.error.message}\n`);
