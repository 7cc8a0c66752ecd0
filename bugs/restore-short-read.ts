// A read that brings less than was asked for is taken as the whole, so a good snapshot in small pieces is refused. Real:
// atomix-go-framework, whose restore calls Read once for each field. Brought out by chunks of 1 to 7 bytes.
import { restoring } from "../src/fsm/restore.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

const HEADER = 20;

export const restoreShortRead = machineBug(
  {
    name: "restore-short-read",
    what: "a chunk shorter than asked for is taken as whole, and a good snapshot is refused",
    caughtBy: ["snapshot/refuses-damage"],
    shows: log().open(10).restore(7).steps,
  },
  {
    restoring: {
      ...restoring,
      join(chunks) {
        const left = [...chunks];
        const header = read(left, HEADER);
        if (header.length < HEADER) return header;
        const payload = read(left, Number(new DataView(header.buffer, header.byteOffset).getBigUint64(8)));
        const bytes = new Uint8Array(header.length + payload.length);
        bytes.set(header);
        bytes.set(payload, header.length);
        return bytes;
      },
    },
  },
);

// At most so many bytes: what the first chunk has.
function read(left: Uint8Array[], many: number): Uint8Array {
  let chunk = left.shift();
  while (chunk !== undefined && chunk.length === 0) chunk = left.shift();
  if (chunk === undefined) return new Uint8Array(0);
  if (chunk.length > many) left.unshift(chunk.subarray(many));
  return chunk.subarray(0, many);
}
