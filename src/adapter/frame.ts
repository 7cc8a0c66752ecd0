// Frames: a message of the host protocol with its length before it, as a varint. Bytes come in pieces of any size, and go
// out many frames at a time. Knows nothing of what the messages say, but that each of them begins with its field 1.

/** The tag of field 1 as a varint: every Request and every Response begins with its call, which is never 0. */
const CALL_TAG = 0x08;
/** Lengths are at most 2^31-1, as protobuf has it: five bytes. */
const MOST_LENGTH_BYTES = 5;

/** What came is not a frame. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Takes bytes as they come and gives frames. */
export class FrameReader {
  /** Free room is `bytes` from `end` on: read into it, then tell filled(). */
  bytes = new Uint8Array(1 << 16);
  end = 0;
  #begin = 0;

  constructor(readonly mostBytes: number) {}

  /** Makes sure that there is room to read into. */
  makeRoom(): void {
    if (this.#begin === this.end) {
      this.#begin = 0;
      this.end = 0;
    }
    if (this.bytes.length - this.end >= 1024) return;
    const waiting = this.waiting;
    const larger = waiting.length > this.bytes.length / 2 ? new Uint8Array(this.bytes.length * 2) : this.bytes;
    larger.set(waiting);
    this.bytes = larger;
    this.#begin = 0;
    this.end = waiting.length;
  }

  filled(count: number): void {
    this.end += count;
  }

  /** What has come and was not taken: half a frame, or more. */
  get waiting(): Uint8Array {
    return this.bytes.subarray(this.#begin, this.end);
  }

  /** A copy of the next frame's message; undefined while it is not whole. Throws a FrameError. */
  next(): Uint8Array | undefined {
    let at = this.#begin;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      if (at === this.end) return undefined;
      const byte = this.bytes[at++] as number;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
      if (shift === 7 * (MOST_LENGTH_BYTES - 1)) throw new FrameError("a length of more than five bytes");
    }
    if (length === 0) throw new FrameError("a frame of length 0");
    if (at < this.end && this.bytes[at] !== CALL_TAG) throw new FrameError("a message that does not begin with `call`");
    if (length > this.mostBytes)
      throw new FrameError(`a frame of ${length} bytes, where ${this.mostBytes} is the most`);
    if (this.end - at < length) return undefined;
    this.#begin = at + length;
    return this.bytes.slice(at, at + length);
  }
}

/** Gathers frames, to be written in one go. */
export class FrameWriter {
  #bytes = new Uint8Array(1 << 16);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** All frames since the last take(); valid until the next one is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#end = 0;
    return taken;
  }

  add(message: Uint8Array): void {
    this.#makeRoom(message.length + MOST_LENGTH_BYTES);
    this.#varint(message.length);
    this.#bytes.set(message, this.#end);
    this.#end += message.length;
  }

  /** The frame of Request{call, instance, apply: {index, input}}, written straight away: it is most of all frames. */
  addApply(call: number, instance: number, index: number, input: Uint8Array): void {
    this.#makeRoom(input.length + 64);
    const inputField = input.length === 0 ? 0 : 1 + sizeOf(input.length) + input.length;
    const apply = 1 + sizeOf(index) + inputField;
    this.#varint(1 + sizeOf(call) + 1 + sizeOf(instance) + 1 + sizeOf(apply) + apply);
    this.#field(CALL_TAG, call);
    this.#field(0x10, instance);
    this.#field(0x2a, apply);
    this.#field(0x08, index);
    if (input.length === 0) return;
    this.#field(0x12, input.length);
    this.#bytes.set(input, this.#end);
    this.#end += input.length;
  }

  #field(tag: number, value: number): void {
    this.#bytes[this.#end++] = tag;
    this.#varint(value);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#end++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#end++] = rest;
  }

  #makeRoom(count: number): void {
    if (this.#bytes.length - this.#end >= count) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + count));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

function sizeOf(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) size++;
  return size;
}
