// The generated codecs without what they cost besides: one reader and one writer for all messages, instead of two objects and
// a buffer for each. What is read and written is exactly what the generated code reads and writes alone. Not for use inside
// an encoding or a decoding.
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";

/** What the generated code gives for a message. */
export interface Codec<Message> {
  encode(message: Message, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): Message;
}

// What a BinaryReader calls private. Its view is for fixed-width fields only, of which no message here has one.
interface Reused {
  buf: Uint8Array;
  len: number;
  pos: number;
}

const NOTHING = new Uint8Array(0);
const MAX_SHORT_VARINT_BYTES = 7; // 49 bits: exact in a double

class ReusedReader extends BinaryReader {
  /** Most integers are short: the base class goes by way of a DataView for every one. */
  override uint64(): bigint {
    const short = this.#shortVarint();
    return short < 0 ? (super.uint64() as bigint) : BigInt(short);
  }

  override int64(): bigint {
    const short = this.#shortVarint();
    return short < 0 ? (super.int64() as bigint) : BigInt(short);
  }

  // A whole varint of at most seven bytes; -1, and nothing read, where there is none.
  #shortVarint(): number {
    const { buf, len, pos } = this as unknown as Reused;
    let value = 0;
    let scale = 1;
    for (let at = pos; at < len && at < pos + MAX_SHORT_VARINT_BYTES; at++) {
      const byte = buf[at] as number;
      value += (byte & 127) * scale;
      if (byte < 128) {
        this.pos = at + 1;
        return value;
      }
      scale *= 128;
    }
    return -1;
  }
}

class ReusedWriter extends BinaryWriter {
  /** Most integers are small: the base class goes by way of a DataView and two halves for every one. */
  override uint64(value: string | number | bigint): this {
    return isSmall(value) ? this.uint32(Number(value)) : super.uint64(value);
  }

  override int64(value: string | number | bigint): this {
    return isSmall(value) ? this.uint32(Number(value)) : super.int64(value);
  }
}

function isSmall(value: string | number | bigint): boolean {
  return typeof value === "bigint" && value >= 0n && value < 0x8000_0000n;
}

const reader = new ReusedReader(NOTHING);
let writer = new ReusedWriter();

/** The message that the bytes say. Throws where they say none. */
export function decode<Message>(codec: Pick<Codec<Message>, "decode">, bytes: Uint8Array): Message {
  const reused = reader as unknown as Reused;
  reused.buf = bytes;
  reused.len = bytes.length;
  reused.pos = 0;
  return codec.decode(reader);
}

/** The bytes of a message. Throws where a number of it is out of its type's range. */
export function encode<Message>(codec: Pick<Codec<Message>, "encode">, message: Message): Uint8Array {
  try {
    return codec.encode(message, writer).finish();
  } catch (reason) {
    writer = new ReusedWriter(); // what was written of the message is in the old one
    throw reason;
  }
}

/**
 * A decoder of payloads that are no protobuf messages: `read` is given the bytes as they are, and throws where they are none.
 * What it returns is never undefined, which stands for an unreadable payload.
 */
export function plain<Value extends NonNullable<unknown> | null>(
  read: (bytes: Uint8Array) => Value,
): Pick<Codec<Value>, "decode"> {
  return {
    decode(input) {
      if (input instanceof Uint8Array) return read(input);
      const { buf, pos, len } = input as unknown as Reused;
      return read(buf.subarray(pos, len));
    },
  };
}

/** The decoder of operations that take no payload: any bytes are too many. */
export const noPayload: Pick<Codec<null>, "decode"> = plain((bytes) => {
  if (bytes.length > 0) throw new RangeError("no payload is wanted");
  return null;
});
