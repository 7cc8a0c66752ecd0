// The envelope around a saved state: a protobuf that was cut short often still decodes, an envelope does not. SPEC 2.5.
//
//     offset  bytes  big endian
//     0       4      magic "MRSN"
//     4       2      format version: 1
//     6       2      reserved: 0
//     8       8      length of the payload
//     16      4      CRC-32 (IEEE) of the payload
//     20      …      the payload, a PartitionSnapshot; nothing after it

const MAGIC = 0x4d52_534e;
const VERSION = 1;
const HEADER_BYTES = 20;

/** What an envelope held, or why it is none. */
export type Opened =
  { readonly kind: "payload"; readonly payload: Uint8Array } | { readonly kind: "refused"; readonly message: string };

/** How many bytes seal() puts before the payload. */
export const ENVELOPE_BYTES = HEADER_BYTES;

/** The payload in its envelope. */
export function seal(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  bytes.set(payload, HEADER_BYTES);
  sealInPlace(bytes);
  return bytes;
}

/** Writes the header of an envelope whose payload already stands behind {@link ENVELOPE_BYTES} free bytes. */
export function sealInPlace(bytes: Uint8Array): void {
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  header.setUint32(0, MAGIC);
  header.setUint16(4, VERSION);
  header.setUint16(6, 0);
  header.setBigUint64(8, BigInt(bytes.length - HEADER_BYTES));
  header.setUint32(16, crc32(bytes, HEADER_BYTES));
}

/** The payload of an envelope, as a view of `bytes`; or why they are no whole envelope. */
export function open(bytes: Uint8Array): Opened {
  if (bytes.length < HEADER_BYTES)
    return refused(`an envelope has at least ${HEADER_BYTES} bytes, not ${bytes.length}`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (header.getUint32(0) !== MAGIC) return refused("no envelope of a snapshot: wrong magic");
  if (header.getUint16(4) !== VERSION) return refused(`format version ${header.getUint16(4)}, known is ${VERSION}`);
  if (header.getUint16(6) !== 0) return refused("reserved bytes are not zero");
  const [said, held] = [header.getBigUint64(8), bytes.length - HEADER_BYTES];
  if (said !== BigInt(held)) return refused(`the envelope says ${said} bytes, and holds ${held}`);
  if (header.getUint32(16) !== crc32(bytes, HEADER_BYTES)) return refused("the checksum is another");
  return { kind: "payload", payload: bytes.subarray(HEADER_BYTES) };
}

function refused(message: string): Opened {
  return { kind: "refused", message };
}

// CRC-32 (reflected 0xEDB88320), four bytes a step: a table per byte of the word. A snapshot has megabytes.
const TABLES = makeTables();

function makeTables(): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
    first[i] = crc;
  }
  const after = (table: Uint32Array): Uint32Array => table.map((crc) => (crc >>> 8) ^ (first[crc & 255] as number));
  const second = after(first);
  const third = after(second);
  return [first, second, third, after(third)];
}

/** The CRC-32 of `bytes` from `start` on, as zip and gzip have it. */
export function crc32(bytes: Uint8Array, start = 0): number {
  const [t0, t1, t2, t3] = TABLES;
  let crc = 0xffff_ffff;
  let at = start;
  for (; at + 3 < bytes.length; at += 4) {
    crc ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    crc =
      (t3[crc & 255] as number) ^
      (t2[(crc >>> 8) & 255] as number) ^
      (t1[(crc >>> 16) & 255] as number) ^
      (t0[crc >>> 24] as number);
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] as number)) & 255] as number);
  return ~crc >>> 0;
}
