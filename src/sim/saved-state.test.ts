import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkSizes, cutInto, damaged } from "./saved-state.js";

const bytes = fc.uint8Array({ maxLength: 400 });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

test("chunks: put together they are what was cut, and small ones are small", () => {
  fc.assert(
    fc.property(bytes, fc.nat(7), uint32, uint32, (saved, largest, key, address) => {
      const sizes = chunkSizes(saved.length, largest, key, address);
      const chunks = cutInto(saved, sizes);
      expect(chunks.flatMap((chunk) => [...chunk])).toEqual([...saved]);
      if (largest > 0) for (const size of sizes.slice(0, -1)) expect(size).toBeLessThanOrEqual(largest);
    }),
  );
});

test("damage: always makes other bytes of what was saved, and leaves those alone", () => {
  fc.assert(
    fc.property(bytes, uint32, uint32, (saved, key, address) => {
      const before = [...saved];
      const { bytes: after, damage } = damaged(saved, key, address);
      expect([...after]).not.toEqual(before);
      expect([...saved]).toEqual(before);
      expect(damage).not.toBe("");
    }),
  );
});

test("damage: every kind comes up", () => {
  const kinds = new Set<string>();
  for (let i = 0; i < 200; i++) kinds.add(damaged(new Uint8Array(100).fill(9), 1, i).damage.replaceAll(/\d+/g, "n"));
  expect([...kinds].sort()).toEqual([
    "bit n of byte n turned over",
    "cut after n bytes",
    "n bytes too many",
    "zeros from byte n",
  ]);
});
