// The codec written by hand, against the generated one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { anyPartitionSnapshot } from "../protocol/messages.laws.js";
import { seal } from "../protocol/snapshot-envelope.js";
import { decodeSnapshot, sealSnapshot } from "./snapshot-codec.js";

test("2.5: writing by hand gives the generated encoder's bytes", () => {
  fc.assert(
    fc.property(anyPartitionSnapshot, (message) => {
      expect(sealSnapshot(message)).toEqual(seal(PartitionSnapshot.encode(message).finish()));
    }),
    { numRuns: 300 },
  );
});

test("2.5: reading by hand gives the generated decoder's message", () => {
  fc.assert(
    fc.property(anyPartitionSnapshot, (message) => {
      const bytes = PartitionSnapshot.encode(message).finish();
      expect(decodeSnapshot(bytes)).toEqual(PartitionSnapshot.decode(bytes));
    }),
    { numRuns: 300 },
  );
});

test("2.5: only canonical bytes are read: what is accepted encodes to the same bytes again", () => {
  const damage = fc.record({ at: fc.nat(400), bit: fc.nat(7), how: fc.constantFrom("flip", "cut", "double") });
  fc.assert(
    fc.property(anyPartitionSnapshot, damage, (message, { at, bit, how }) => {
      let bytes = Uint8Array.from(PartitionSnapshot.encode(message).finish());
      const place = bytes.length === 0 ? 0 : at % bytes.length;
      if (how === "flip" && bytes.length > 0) bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      if (how === "cut") bytes = bytes.slice(0, place);
      if (how === "double") bytes = Uint8Array.of(...bytes, ...bytes.subarray(place));
      const decoded = decodeSnapshot(bytes);
      if (decoded !== undefined) expect(PartitionSnapshot.encode(decoded).finish()).toEqual(bytes);
    }),
    { numRuns: 2_000 },
  );
});
