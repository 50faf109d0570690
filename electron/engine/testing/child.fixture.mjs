/** A child for tests of the process host; its one argument says how it behaves. */
import { createServer } from 'node:http';

const { behaviour = 'good' } = JSON.parse(process.argv[2] ?? '{}');
const ready = (http) => process.stdout.write(`${JSON.stringify({ ready: true, ...(http && { http }) })}\n`);

if (behaviour === 'fails') {
  process.stderr.write('the microphone is on fire\n');
  process.exit(7);
} else if (behaviour === 'silent') {
  process.stdin.resume().on('end', () => process.exit(0));
} else if (behaviour === 'stubborn') {
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1000);
  ready();
} else {
  process.stdin.resume().on('end', () => process.exit(0));
  process.stdout.write('words before the ready line\n');
  const server = createServer((_request, response) => response.end('ok'));
  server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${server.address().port}`));
}
