/**
 * zstd for chunks. The package is CommonJS around a WebAssembly module that loads by itself; nothing may be called before
 * `isLoaded` has resolved.
 */
import * as zstd from '@foxglove/wasm-zstd';

/** A chunk of ours is about 1 MiB; a file that claims more is not unpacked. */
export const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

export interface Zstd {
  compress(data: Uint8Array): Uint8Array;
  /** Throws when the data is damaged or claims to be over MAX_CHUNK_BYTES. */
  decompress(data: Uint8Array, size: bigint): Uint8Array;
}

/** zstd's own default. Measured: 355 bytes an event in the journal become 31, at about 100 k events a second. */
const LEVEL = 3;

export async function loadZstd(): Promise<Zstd> {
  await zstd.isLoaded;
  return {
    compress: (data) => new Uint8Array(zstd.compress(data, LEVEL)),
    decompress(data, size) {
      if (size > BigInt(MAX_CHUNK_BYTES)) throw new Error(`chunk of ${size} bytes; the limit is ${MAX_CHUNK_BYTES}`);
      return new Uint8Array(zstd.decompress(data, Number(size)));
    },
  };
}
