// Saved states on their way into a machine: whole or damaged, in chunks of any size. It never looks into the bytes.
import { between, below, bitsAt, Lane, type Address } from "./random.js";

/** A snapshot that a replica keeps on its disk. */
export interface Saved {
  /** Its number in the partition. */
  readonly number: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** At most this many small chunks; what is left comes in one. */
const MOST_SMALL_CHUNKS = 48;

/** Cuts the bytes' length into chunks; `largest` 0: a few big ones. */
export function chunkSizes(length: number, largest: number, key: number, address: Address): number[] {
  const sizes: number[] = [];
  let left = length;
  for (let i = 0; left > 0 && i < MOST_SMALL_CHUNKS; i++) {
    const bits = bitsAt(key, address, Lane.chunks, i);
    const most = largest > 0 ? largest : length;
    const size = Math.min(left, between(bits, 1, most));
    sizes.push(size);
    left -= size;
  }
  if (left > 0) sizes.push(left);
  return sizes;
}

export function cutInto(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** What can happen to saved bytes on disk or on the way; the result differs from what was saved, always. */
export function damaged(bytes: Uint8Array, key: number, address: Address): { bytes: Uint8Array; damage: string } {
  const kind = below(bitsAt(key, address, Lane.damage, 0), 5);
  const where = bitsAt(key, address, Lane.damage, 1);
  if (kind === 0 || bytes.length === 0) {
    const longer = new Uint8Array(bytes.length + between(where, 1, 9));
    longer.set(bytes);
    return { bytes: longer, damage: `${longer.length - bytes.length} bytes too many` };
  }
  const at = below(where, bytes.length);
  if (kind === 1 || kind === 2) return { bytes: bytes.slice(0, at), damage: `cut after ${at} bytes` };
  const copy = bytes.slice();
  if (kind === 3) {
    const bit = below(bitsAt(key, address, Lane.damage, 2), 8);
    copy[at] = (copy[at] as number) ^ (1 << bit);
    return { bytes: copy, damage: `bit ${bit} of byte ${at} turned over` };
  }
  // A stretch that was never written. Where it was zero already, one byte is turned over instead.
  copy.fill(0, at, at + 16);
  if (copy.every((byte, i) => byte === bytes[i])) copy[at] = 0xff;
  return { bytes: copy, damage: `zeros from byte ${at}` };
}
