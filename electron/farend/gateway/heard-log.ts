/**
 * The gateway's ground truth: every frame as it was decoded. Records of 968 bytes, little endian:
 *   float64 micros (device clock), 480 x int16 samples
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { FRAME_SAMPLES } from '../../../shared/pcm/frame.ts';

const RECORD_BYTES = 8 + 2 * FRAME_SAMPLES;
/** A quarter of a second a write: the disk never stands in a frame's way. */
const RECORDS_PER_WRITE = 25;

export interface FrameLog {
  frame(at: number, samples: Int16Array): void;
  close(): void;
}

/** Throws when the file cannot be opened: a truth run without its truth must not start. */
export function openFrameLog(path: string): FrameLog {
  const file = openSync(path, 'w');
  const buffer = Buffer.alloc(RECORD_BYTES * RECORDS_PER_WRITE);
  let used = 0;
  const write = () => {
    if (used > 0) writeSync(file, buffer, 0, used);
    used = 0;
  };
  return {
    frame(at, samples) {
      buffer.writeDoubleLE(at, used);
      for (let index = 0; index < FRAME_SAMPLES; index += 1)
        buffer.writeInt16LE(samples[index] ?? 0, used + 8 + 2 * index);
      used += RECORD_BYTES;
      if (used === buffer.length) write();
    },
    close() {
      write();
      closeSync(file);
    },
  };
}
