/** The one frame format of the house: 10 ms of mono at 48 kHz, 16 bit, which is what libwebrtc takes and gives. */
export const SAMPLE_RATE_HZ = 48_000;
export const FRAME_SAMPLES = 480;
export const FRAME_MICROS = 10_000;
/** Amplitude of a full-scale sample. */
export const FULL_SCALE = 32_768;

/** Peak amplitude (0 to 1) of a sine whose level is `dbfs` (RMS of a full-scale sine is -3 dBFS; peak is what we set). */
export const amplitudeOf = (dbfs: number): number => 10 ** (dbfs / 20);
