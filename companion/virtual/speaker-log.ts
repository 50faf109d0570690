/**
 * Ground truth at the speaker, for comparing what was computed with what was heard. One record per 10 ms frame:
 *
 *   float64 LE microseconds (the phone's clock) | 480 x int16 LE samples
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { DeviceTime } from '../../shared/time/time.ts';

const STAMP_BYTES = 8;
/** Ten frames a write: a system call every 100 ms, and no more than that lost when the process is killed. */
const FRAMES_PER_WRITE = 10;

export interface SpeakerLog {
  write(at: DeviceTime, samples: Int16Array): void;
  close(): void;
}

/** Opens (and empties) the file. Throws what the file system throws: a truth run without its log is worth nothing. */
export function openSpeakerLog(path: string): SpeakerLog {
  const file = openSync(path, 'w');
  let waiting: Buffer[] = [];
  const flush = () => {
    if (waiting.length > 0) writeSync(file, Buffer.concat(waiting));
    waiting = [];
  };
  return {
    write(at, samples) {
      const record = Buffer.allocUnsafe(STAMP_BYTES + samples.byteLength);
      record.writeDoubleLE(at, 0);
      // Every machine that Node runs libwebrtc on is little-endian.
      record.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), STAMP_BYTES);
      waiting.push(record);
      if (waiting.length >= FRAMES_PER_WRITE) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}
