/**
 * Ground truth from raw logs: every frame at a speaker, every packet at the relay. Shares no code with what it judges:
 * nothing here is imported from shared/ or electron/, and shared/ does not know how truth is found.
 *
 * The truth voice is a tone whose frequency rises linearly from 500 to 2500 Hz in one second and wraps. Decoded audio
 * moves up by 20 Hz every 10 ms; audio that a jitter buffer makes up repeats what it had, so its frequency stands still.
 */

/** One 10 ms frame as it reached a speaker: when (microseconds) and what. */
export interface SpeakerFrame {
  readonly at: number;
  readonly samples: Int16Array;
}
export interface Packet {
  readonly at: number;
  readonly direction: 'uplink' | 'downlink';
  readonly kind: string;
  readonly forwarded: boolean;
}
/** From the last moving frame (or packet) to the next, microseconds. */
export interface TrueOutage {
  readonly start: number;
  readonly end: number;
}

const SAMPLES_PER_FRAME = 480;
export const RECORD_BYTES = 8 + SAMPLES_PER_FRAME * 2;
const FRAME_MICROS = 10_000;
/** 48 kHz down to 8 kHz: at a higher rate a slow tone's frequency drowns in the codec's noise. */
const DECIMATION = 6;
const DECIMATED_HZ = 8000;
/** -45 dBFS: the truth tone is at -12, what remains after concealment has faded is below this. */
const QUIET_RMS = 184;
const RISE_HZ_PER_FRAME = 20;
/** A rise is believed between a third and twice of what it should be: NetEQ stretches time a little when it catches up. */
const LEAST_RISE = RISE_HZ_PER_FRAME / 3;
const MOST_RISE = RISE_HZ_PER_FRAME * 2.2;
/**
 * A step this close to the voice's own is movement by itself. After a stop libwebrtc first plays the 20 to 30 ms that it had
 * decoded before, then makes up about as much until new audio has come: a fragment of two or three frames, decoded and played.
 */
const SURE_RISE_ERROR = RISE_HZ_PER_FRAME / 3;
/** The wrap from 2500 to 500 Hz falls within a frame or two. */
const WRAP_FALL_HZ = 600;
/** Shorter stillness is not an outage: one lost packet is 20 ms, and the wrap spoils up to three frames. */
const SHORTEST_OUTAGE_MICROS = 60_000;
/** Expanded audio can look as if it moved for a moment, most of all beside the wrap: shorter movement between two outages is none. */
const SHORTEST_MOVEMENT_MICROS = 100_000;

/** Reads a speaker log: records of float64 LE microseconds and 480 int16 LE samples. A torn last record is ignored. */
export function readSpeakerLog(bytes: Uint8Array): SpeakerFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: SpeakerFrame[] = [];
  for (let at = 0; at + RECORD_BYTES <= bytes.byteLength; at += RECORD_BYTES) {
    const samples = new Int16Array(SAMPLES_PER_FRAME);
    for (let index = 0; index < SAMPLES_PER_FRAME; index += 1) samples[index] = view.getInt16(at + 8 + index * 2, true);
    frames.push({ at: view.getFloat64(at, true), samples });
  }
  return frames;
}

/** Reads a packet log: `micros,uplink|downlink,bytes,kind,payloadType,forwarded|dropped` a line. */
export function readPacketLog(text: string): Packet[] {
  const packets: Packet[] = [];
  for (const line of text.split('\n')) {
    const [at, direction, , kind, , fate] = line.split(',');
    if ((direction === 'uplink' || direction === 'downlink') && kind !== undefined && fate !== undefined) {
      packets.push({ at: Number(at), direction, kind, forwarded: fate.trim() === 'forwarded' });
    }
  }
  return packets;
}

/** Frequency of a frame that holds one tone, by least squares on x[n-1] + x[n+1] = 2 cos(w) x[n]; NaN when it is quiet. */
export function toneOf(samples: Int16Array): number {
  const slow = new Float64Array(SAMPLES_PER_FRAME / DECIMATION);
  let power = 0;
  for (let index = 0; index < slow.length; index += 1) {
    let sum = 0;
    for (let step = 0; step < DECIMATION; step += 1) sum += samples[index * DECIMATION + step] ?? 0;
    slow[index] = sum / DECIMATION;
    power += (sum / DECIMATION) ** 2;
  }
  if (Math.sqrt(power / slow.length) < QUIET_RMS) return Number.NaN;
  let both = 0;
  let own = 0;
  for (let index = 1; index + 1 < slow.length; index += 1) {
    const here = slow[index] ?? 0;
    both += here * ((slow[index - 1] ?? 0) + (slow[index + 1] ?? 0));
    own += here * here;
  }
  const cosine = both / (2 * own);
  return cosine >= -1 && cosine <= 1 ? (Math.acos(cosine) * DECIMATED_HZ) / (2 * Math.PI) : Number.NaN;
}

/** For each frame: does its tone move as the voice's does? Where a step is not sure, the two steps either side decide with it. */
function movingFrames(frames: readonly SpeakerFrame[]): boolean[] {
  const tones = frames.map((frame) => toneOf(frame.samples));
  const steps = tones.map((tone, index): 'sure' | 'likely' | 'none' => {
    const earlier = frames[index - 1];
    const here = frames[index];
    if (earlier === undefined || here === undefined || here.at - earlier.at > 3 * FRAME_MICROS) return 'none';
    const rise = tone - (tones[index - 1] ?? Number.NaN);
    if (Math.abs(rise - RISE_HZ_PER_FRAME) <= SURE_RISE_ERROR) return 'sure';
    return (rise >= LEAST_RISE && rise <= MOST_RISE) || rise < -WRAP_FALL_HZ ? 'likely' : 'none';
  });
  return frames.map((_, index) => {
    if (steps[index] === 'sure' || steps[index + 1] === 'sure') return true;
    const around = [steps[index - 1], steps[index], steps[index + 1], steps[index + 2]];
    const beside = steps[index] === 'likely' || steps[index + 1] === 'likely';
    return beside && around.filter((step) => step !== undefined && step !== 'none').length >= 2;
  });
}

function outagesBetween(times: readonly number[]): TrueOutage[] {
  const outages: TrueOutage[] = [];
  for (let index = 1; index < times.length; index += 1) {
    const start = times[index - 1];
    const end = times[index];
    if (start !== undefined && end !== undefined && end - start > SHORTEST_OUTAGE_MICROS) outages.push({ start, end });
  }
  return outages;
}

/** When the speaker's audio did not move: from the last moving frame to the next. */
export function speakerOutages(frames: readonly SpeakerFrame[]): TrueOutage[] {
  const moving = movingFrames(frames);
  const outages = outagesBetween(frames.filter((_, index) => moving[index] === true).map((frame) => frame.at));
  const joined: TrueOutage[] = [];
  for (const outage of outages) {
    const last = joined.at(-1);
    if (last !== undefined && outage.start - last.end < SHORTEST_MOVEMENT_MICROS) {
      joined[joined.length - 1] = { start: last.start, end: outage.end };
    } else joined.push(outage);
  }
  return joined;
}

/** When no RTP of a direction passed the relay. */
export function packetOutages(packets: readonly Packet[], direction: Packet['direction']): TrueOutage[] {
  return outagesBetween(
    packets
      .filter((packet) => packet.direction === direction && packet.kind === 'rtp' && packet.forwarded)
      .map((packet) => packet.at),
  );
}

/** The longest outage that touches a span; undefined when nothing was interrupted. */
export function outageWithin(outages: readonly TrueOutage[], from: number, to: number): TrueOutage | undefined {
  const touching = outages.filter((outage) => outage.end > from && outage.start < to);
  return touching.reduce<TrueOutage | undefined>(
    (best, outage) => (best === undefined || outage.end - outage.start > best.end - best.start ? outage : best),
    undefined,
  );
}
