// The codec written by hand, against the generated one.
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { anyPartitionSnapshot } from "../protocol/messages.laws.js";
import { open, seal } from "../protocol/snapshot-envelope.js";
import { payload, Script } from "./script.laws.js";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
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

test("2.5: what a machine saved is read by hand throughout: the generated decoder is not asked", () => {
  // Two sessions with bookkeeping, open and complete commands, outputs, a marker, and a message.
  const script = new Script().at(100, 5);
  script.open(1000, 250_000_000);
  script.open(2000);
  script.create(1n, "lock");
  script.create(2n, "lock");
  script.create(1n, "map");
  script.run(1n, 3n, 1n, "Acquire");
  script.run(2n, 3n, 2n, "Acquire", payload(AcquireInput, { timeout: { seconds: 50n, nanos: 7 } }));
  script.run(1n, 4n, 2n, "no such operation");
  script.run(1n, 5n, 5n, "Events");
  script.run(1n, 5n, 6n, "Events");
  script.run(1n, 5n, 7n, "Clear");
  script.keepAlive(1n, 9n, [1n, 2n, 5n, 6n, 8n], { 5: 1n });
  const opened = open(script.snapshot());
  if (opened.kind === "refused") throw new Error(opened.message);
  const expected = PartitionSnapshot.decode(opened.payload);
  const asked = vi.spyOn(PartitionSnapshot, "decode");
  const read = decodeSnapshot(opened.payload);
  const times = asked.mock.calls.length;
  asked.mockRestore();
  expect(times).toBe(0);
  expect(read).toEqual(expected);
});

test("2.5: a list that is there, and empty, is not canonical", () => {
  // A service with nothing but its id, 1; and with a packed field 4 of no bytes.
  expect(decodeSnapshot(Uint8Array.of(0x22, 2, 0x08, 1))?.services).toHaveLength(1);
  expect(decodeSnapshot(Uint8Array.of(0x22, 4, 0x08, 1, 0x22, 0))).toBeUndefined();
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
