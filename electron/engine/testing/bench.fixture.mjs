/**
 * Stands for relay, gateway and phone: dials in, says hello, and does what a scenario of two steps needs. Which of the three
 * it is shows in its configuration. No WebRTC: what is tested is the engine.
 */
import { WebSocket } from 'ws';

const configuration = JSON.parse(process.argv[2]);
const { link, benchId, clock } = configuration;
const what = configuration.profile !== undefined ? 'iphone' : configuration.relay !== undefined ? 'gateway' : 'relay';
const now = () => Math.round(Number(process.hrtime.bigint() - BigInt(clock.epochNanos)) / 1000);
process.stdin.resume().on('end', () => process.exit(0));

function device(deviceId, role, performs, onOpen) {
  const socket = new WebSocket(link, 'sidetone.1');
  let seq = 0;
  const event = (kind, data, source = 'probe') => {
    seq += 1;
    const one = { seq, at: now(), uptime: now(), kind, source, data };
    socket.send(JSON.stringify({ t: 'events', events: [one] }));
  };
  socket.on('open', () =>
    socket.send(
      JSON.stringify({
        t: 'hello',
        ...{ proto: [1], deviceId, benchId, role, platform: 'virtual', title: deviceId },
        device: { model: `pid ${process.pid}`, os: 'iOS', osVersion: configuration.profile?.os ?? '26' },
        app: { name: 'Test', version: '1', policy: configuration.profile?.policy ?? '' },
        ...{ clock: { id: clock.id, now: now() }, reports: ['tx.flow', 'rx.flow'], performs },
      }),
    ),
  );
  socket.on('message', (text) => {
    const frame = JSON.parse(String(text));
    if (frame.t === 'welcome') onOpen?.(event);
    if (frame.t === 'ping') {
      socket.send(JSON.stringify({ t: 'pong', t0: frame.t0, t1: now(), t2: now() }));
    }
    if (frame.t === 'inject') {
      event('inject.state', { injectId: frame.injectId, does: frame.does, phase: 'fired', fidelity: 'F0' }, 'inject');
      if (frame.does === 'phone.answer') process.kill(process.pid, 'SIGKILL');
    }
  });
  socket.on('error', () => undefined);
}

const flow = (to) => ({ from: 'stopped', to, edgeAt: now(), errorMicros: 10_000 });
const ring = { does: 'phone.ring', title: 'Phone rings', fidelity: 'F0' };
const decline = { does: 'phone.decline', title: 'Decline', fidelity: 'F0' };
const die = { does: 'phone.answer', title: 'In this fixture: dies', fidelity: 'F0' };
if (what === 'iphone') {
  device('iphone-os', 'lab', [ring, decline, die]);
  device('iphone-app', 'probe', [], (event) => {
    event('tx.flow', flow('flowing'));
    event('rx.flow', flow('flowing'));
  });
} else device(what, 'lab', []);
process.stdout.write(`${JSON.stringify({ ready: true, ...(what !== 'iphone' && { http: 'http://127.0.0.1:9' }) })}\n`);
