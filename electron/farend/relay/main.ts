/** The relay: the network path of the simulated call, as a process of its own. */
import { connectFarEnd } from '../link.ts';
import { serveLoopback } from '../loopback-http.ts';
import { announceReady, createClock, EXIT_NOT_TO_BE_HAD, endWithParent, readConfig, stringOf } from '../process.ts';
import { createRelayDevice, RELAY_PERFORMS, RELAY_REPORTS } from './device.ts';
import { createFronts } from './fronts.ts';
import { relayDesk } from './http.ts';
import { openPacketLog, type PacketLog } from './packet-log.ts';

async function main(): Promise<void> {
  const config = readConfig('relay');
  const now = createClock(config);
  const logPath = stringOf(config, 'packetLog');
  const log: PacketLog | undefined = logPath === undefined ? undefined : openPacketLog(logPath);
  const fronts = createFronts({ now, chance: Math.random, log });
  const link = connectFarEnd(config, now, {
    deviceId: 'relay',
    title: 'Network path',
    reports: [...RELAY_REPORTS],
    performs: [...RELAY_PERFORMS],
  });
  const device = createRelayDevice(link, fronts);
  const server = await serveLoopback(
    relayDesk({
      register: (port, side) => fronts.register(port, side),
      state: () => ({ path: device.state(), counters: fronts.counters() }),
    }),
  );
  endWithParent(async () => {
    device.stop();
    fronts.close();
    log?.close();
    await Promise.all([server.close(), link.close('stopped')]);
  });
  announceReady(server.address);
}

main().catch((error: unknown) => {
  process.stderr.write(`relay: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(EXIT_NOT_TO_BE_HAD);
});
