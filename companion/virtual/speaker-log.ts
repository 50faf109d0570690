/**
 * Ground truth at the speaker, for comparing what was computed with what was heard. One record per 10 ms frame:
 *
 *   float64 LE microseconds (the phone's clock) | 480 x int16 LE samples
 *
 * Until its first packet is decoded libwebrtc plays 16 kHz frames of 160 samples; they are stretched to 480 by repetition, so
 * that every record is as long as the reader believes.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { FRAME_SAMPLES } from '../../shared/pcm/frame.ts';
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
      const record = Buffer.allocUnsafe(STAMP_BYTES + 2 * FRAME_SAMPLES);
      record.writeDoubleLE(at, 0);
      for (let index = 0; index < FRAME_SAMPLES; index += 1) {
        const sample = samples[Math.floor((index * samples.length) / FRAME_SAMPLES)] ?? 0;
        record.writeInt16LE(sample, STAMP_BYTES + 2 * index);
      }
      waiting.push(record);
      if (waiting.length >= FRAMES_PER_WRITE) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}
