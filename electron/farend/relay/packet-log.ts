/**
 * The relay's ground truth, one text line a packet:
 *   micros,uplink|downlink,bytes,rtp|rtcp|stun|dtls|other,payloadType,forwarded|dropped
 * Stamped on arrival. Written from memory every quarter second, so that the disk never stands in a packet's way.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { DeviceTime } from '../../../shared/time/time.ts';
import type { Direction } from './faults.ts';
import { packetKind, payloadType } from './packet.ts';

const WRITE_EVERY_MILLISECONDS = 250;

export interface PacketLog {
  packet(at: DeviceTime, direction: Direction, packet: Uint8Array, forwarded: boolean): void;
  close(): void;
}

/** Throws when the file cannot be opened: a truth run without its truth must not start. */
export function openPacketLog(path: string): PacketLog {
  const file = openSync(path, 'w');
  let lines = '';
  const write = () => {
    if (lines === '') return;
    writeSync(file, lines);
    lines = '';
  };
  const timer = setInterval(write, WRITE_EVERY_MILLISECONDS);
  return {
    packet(at, direction, packet, forwarded) {
      const kind = packetKind(packet);
      const type = kind === 'rtp' ? payloadType(packet) : '';
      lines += `${at},${direction},${packet.length},${kind},${type},${forwarded ? 'forwarded' : 'dropped'}\n`;
    },
    close() {
      clearInterval(timer);
      write();
      closeSync(file);
    },
  };
}
