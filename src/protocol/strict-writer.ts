// A quick writer of protobuf, for what is too large to be written by the generated encoder. It writes what that would write,
// byte for byte: whoever uses it leaves default values out, and writes fields in the order of their numbers.

const FIRST_BYTES = 4096;
const KEPT_BYTES = 1 << 20;
// The buffer of a writer that is done, for the next one: a new one costs more than most of what is written into it.
const NOTHING: Uint8Array = new Uint8Array(0);
let spare: Uint8Array = NOTHING;

export class StrictWriter {
  #bytes: Uint8Array;
  #at: number;

  /** @param free bytes left free in front, for an envelope's header */
  constructor(free = 0) {
    this.#bytes = spare.length > free ? spare : new Uint8Array(FIRST_BYTES + free);
    spare = NOTHING;
    this.#bytes.fill(0, 0, free);
    this.#at = free;
  }

  /** Everything so far, the free bytes included. The writer is of no use afterwards. */
  finish(): Uint8Array {
    const written = this.#bytes.slice(0, this.#at);
    if (this.#bytes.length <= KEPT_BYTES) spare = this.#bytes;
    this.#bytes = NOTHING;
    return written;
  }

  /** A field of an unsigned integer (or a non-negative one), left out where it is 0. */
  uint64(tag: number, value: bigint): void {
    if (value === 0n) return;
    this.#reserve(11);
    this.#bytes[this.#at++] = tag;
    this.#uint64(value);
  }

  /** The same for what fits an int32 and is not negative. */
  uint32(tag: number, value: number): void {
    if (value === 0) return;
    this.#reserve(6);
    this.#bytes[this.#at++] = tag;
    this.#varint(value);
  }

  bytes(tag: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.#reserve(6 + value.length);
    this.#bytes[this.#at++] = tag;
    this.#varint(value.length);
    if (value.length > 32) {
      this.#bytes.set(value, this.#at);
      this.#at += value.length;
    } else for (let i = 0; i < value.length; i++) this.#bytes[this.#at++] = value[i] as number;
  }

  string(tag: number, value: string): void {
    if (value.length === 0) return;
    this.#reserve(6 + 3 * value.length);
    const outer = this.enter(tag);
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) this.#bytes[this.#at++] = unit;
      else i += this.#codePoint(value.codePointAt(i) as number);
    }
    this.leave(outer);
  }

  /** Begins a message in a field; returns what leave() wants. */
  enter(tag: number): number {
    this.#reserve(2);
    this.#bytes[this.#at++] = tag;
    this.#at += 1; // the length, where it fits one byte
    return this.#at;
  }

  /** Ends the message that began at `start`. */
  leave(start: number): void {
    const length = this.#at - start;
    if (length < 128) {
      this.#bytes[start - 1] = length;
      return;
    }
    const more = Math.ceil((32 - Math.clz32(length)) / 7) - 1;
    this.#reserve(more);
    this.#bytes.copyWithin(start + more, start, this.#at);
    this.#at = start - 1;
    this.#varint(length);
    this.#at += length;
  }

  /** Unsigned integers, packed in one field, left out where there are none. */
  packed(tag: number, values: readonly bigint[]): void {
    if (values.length === 0) return;
    const outer = this.enter(tag);
    this.#reserve(10 * values.length);
    for (const value of values) this.#uint64(value);
    this.leave(outer);
  }

  #reserve(count: number): void {
    const wanted = this.#at + count;
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  // Below 2^31.
  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #uint64(value: bigint): void {
    if (value < 0x8000_0000n) {
      this.#varint(Number(value));
      return;
    }
    let rest = value;
    while (rest > 127n) {
      this.#bytes[this.#at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#at++] = Number(rest);
  }

  // Beyond ASCII. Returns how many more units of the string it took: a broken surrogate is written as U+FFFD.
  #codePoint(code: number): number {
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    const bytes = this.#bytes;
    if (point < 0x800) {
      bytes[this.#at++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x1_0000) {
        bytes[this.#at++] = 0xe0 | (point >> 12);
      } else {
        bytes[this.#at++] = 0xf0 | (point >> 18);
        bytes[this.#at++] = 0x80 | ((point >> 12) & 63);
      }
      bytes[this.#at++] = 0x80 | ((point >> 6) & 63);
    }
    bytes[this.#at++] = 0x80 | (point & 63);
    return point > 0xffff ? 1 : 0;
  }
}
