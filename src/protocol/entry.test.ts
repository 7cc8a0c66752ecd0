import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeCommandInput } from "./command-input.js";
import { decodeEntry, makeEntry } from "./entry.js";
import { LogIndex } from "./words.js";
import { anyCommandInput } from "./messages.laws.js";

describe("entries", () => {
  test("an entry that was made encodes its bytes when they are read, and once", () => {
    const encode = vi.spyOn(CommandInput, "encode");
    const input: CommandInput = { timestamp: { seconds: 5n, nanos: 0 }, input: undefined };
    const entry = makeEntry(LogIndex(1n), input);
    expect(encode).not.toHaveBeenCalled();
    expect(entry.bytes).toEqual(Uint8Array.of(0x0a, 2, 0x08, 5));
    expect(entry.bytes).toBe(entry.bytes);
    expect(encode).toHaveBeenCalledTimes(1);
    expect(entry.input).toBe(input);
    encode.mockRestore();
  });

  test("an entry from bytes keeps them, also where they say nothing", () => {
    const bytes = Uint8Array.of(0x0a, 9);
    const entry = decodeEntry(LogIndex(1n), bytes);
    expect(entry).toMatchObject({ index: 1n, input: "undecodable" });
    expect(entry.bytes).toBe(bytes);
  });
});

/** What the generated decoder, alone and with nothing reused, says of the bytes. */
function generated(bytes: Uint8Array): CommandInput | undefined {
  try {
    return CommandInput.decode(bytes);
  } catch {
    return undefined;
  }
}

describe("reading by hand is reading as generated", () => {
  test("every message that is written comes back as it was", () => {
    fc.assert(
      fc.property(anyCommandInput, (input) => {
        const bytes = CommandInput.encode(input).finish();
        expect(decodeCommandInput(bytes)).toEqual(generated(bytes));
        expect(decodeCommandInput(bytes)).toEqual(input);
      }),
      { numRuns: 500 },
    );
  });

  test("damaged messages say the same, or say nothing to both", () => {
    const edit = fc.record({
      at: fc.nat(200),
      how: fc.constantFrom("flip", "set", "cut", "insert", "repeat"),
      value: fc.oneof(fc.constantFrom(0, 0x08, 0x0a, 0x12, 0x1a, 0x22, 0x2a, 0x80, 0xff), fc.nat(255)),
    });
    fc.assert(
      fc.property(anyCommandInput, fc.array(edit, { minLength: 1, maxLength: 3 }), (input, edits) => {
        let bytes = [...CommandInput.encode(input).finish()];
        for (const { at, how, value } of edits) {
          const place = bytes.length === 0 ? 0 : at % bytes.length;
          if (how === "flip") bytes[place] = ((bytes[place] ?? 0) ^ (1 << (value & 7))) & 255;
          if (how === "set") bytes[place] = value;
          if (how === "cut") bytes = bytes.slice(0, place);
          if (how === "insert") bytes.splice(place, 0, value);
          if (how === "repeat") bytes = [...bytes, ...bytes.slice(place)];
        }
        const damaged = Uint8Array.from(bytes);
        expect(decodeCommandInput(damaged)).toEqual(generated(damaged));
      }),
      { numRuns: 4_000 },
    );
  });
});
