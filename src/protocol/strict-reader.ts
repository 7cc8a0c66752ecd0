// A quick reader of protobuf for the messages that are read most. It reads the canonical encoding only: fields in the order of
// their numbers, each once, no field that says its default, no varint longer than it need be, strings in ASCII. Whatever
// is anything else it calls odd, and who uses it lets the generated decoder read those bytes instead.

const NOTHING = new Uint8Array(0);
// Ids and numbers are mostly small: these need not be made.
const SMALL: readonly bigint[] = Array.from({ length: 256 }, (_, value) => BigInt(value));
const MAX_COMPARED_BYTES = 64;
const MAX_VARINT_BYTES = 7; // 49 bits: exact in a double. Longer ones are odd, and rare.

export class StrictReader {
  /** Whether anything so far was not canonical; what was read is then worth nothing. */
  odd = false;
  readonly #bytes: Uint8Array;
  #at = 0;
  #last: Uint8Array = NOTHING;
  #beforeLast: Uint8Array = NOTHING;
  #end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** Whether the message in hand has a field with this tag next. Steps over the tag where it has. Tags are one byte. */
  next(tag: number): boolean {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== tag) return false;
    this.#at += 1;
    return true;
  }

  /** Whether anything more stands in the message in hand. */
  more(): boolean {
    return this.#at < this.#end;
  }

  /** Goes into a message that stands here; returns what leave() wants. */
  enter(): number {
    const outer = this.#end;
    const length = this.#varint();
    const end = this.#at + length;
    if (end > outer) this.#giveUp();
    else this.#end = end;
    return outer;
  }

  /** Leaves it: nothing more may stand in it. */
  leave(outer: number): void {
    if (this.#at !== this.#end) this.odd = true;
    if (this.odd) this.#giveUp();
    else this.#end = outer;
  }

  /** Whether everything was read, and was canonical. */
  finished(): boolean {
    return !this.odd && this.#at === this.#end;
  }

  /** A uint64, or an int64 that is not negative; never 0. */
  uint64(): bigint {
    const value = this.uint();
    return SMALL[value] ?? BigInt(value);
  }

  /** An unsigned integer up to 49 bits, never 0. */
  uint(): number {
    const value = this.#varint();
    if (value === 0) this.#giveUp();
    return value;
  }

  /** The same where 0 may stand: a map's key or value, a field with presence. */
  uint64OrZero(): bigint {
    return BigInt(this.#varint());
  }

  /** An int32 that is neither negative nor 0. */
  int32(): number {
    const value = this.uint();
    if (value > 0x7fff_ffff) this.#giveUp();
    return value;
  }

  /** Bytes, at least one: a view; the last one or the one before it, where those are the same bytes. */
  bytes(): Uint8Array {
    const length = this.uint();
    const start = this.#at;
    if (start + length > this.#end) {
      this.#giveUp();
      return NOTHING;
    }
    this.#at = start + length;
    // Thousands of commands in a snapshot say the same; a view costs more than to look.
    const before = this.#beforeLast;
    if (this.#holds(before, start, length)) {
      this.#beforeLast = this.#last;
      this.#last = before;
    } else if (!this.#holds(this.#last, start, length)) {
      this.#beforeLast = this.#last;
      this.#last = this.#bytes.subarray(start, start + length);
    }
    return this.#last;
  }

  /** A string of at least one letter. `known` are strings that it probably is: no new one is made for those. */
  string(known?: readonly (readonly string[])[]): string {
    const length = this.uint();
    const start = this.#at;
    if (start + length > this.#end) {
      this.#giveUp();
      return "";
    }
    this.#at = start + length;
    const candidates = known?.[length];
    if (candidates !== undefined) {
      for (const candidate of candidates) if (this.#stands(candidate, start)) return candidate;
    }
    return this.#ascii(start, length);
  }

  #holds(view: Uint8Array, start: number, length: number): boolean {
    if (view.length !== length || length > MAX_COMPARED_BYTES) return false;
    for (let i = 0; i < length; i++) if (view[i] !== this.#bytes[start + i]) return false;
    return true;
  }

  #stands(text: string, start: number): boolean {
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #ascii(start: number, length: number): string {
    const codes: number[] = [];
    if (length > 1024) {
      this.#giveUp();
      return "";
    }
    for (let i = start; i < start + length; i++) {
      const byte = this.#bytes[i] as number;
      if (byte > 127) {
        this.#giveUp();
        return "";
      }
      codes.push(byte);
    }
    return String.fromCharCode.apply(undefined, codes);
  }

  #varint(): number {
    const bytes = this.#bytes;
    const first = bytes[this.#at] as number;
    if (this.#at < this.#end && first < 128) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    let scale = 1;
    const last = Math.min(this.#end, this.#at + MAX_VARINT_BYTES);
    for (let at = this.#at; at < last; at++) {
      const byte = bytes[at] as number;
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (byte === 0) break; // one byte too many
        this.#at = at + 1;
        return value;
      }
      scale *= 128;
    }
    this.#giveUp();
    return 1;
  }

  // From here on there is nothing to read: every loop over the fields ends.
  #giveUp(): void {
    this.odd = true;
    this.#at = this.#bytes.length;
    this.#end = this.#at;
  }
}

/** Strings by their length, for {@link StrictReader.string}. */
export function byLength(strings: Iterable<string>): readonly (readonly string[])[] {
  const table: string[][] = [];
  for (const one of new Set(strings)) (table[one.length] ??= []).push(one);
  return table;
}
