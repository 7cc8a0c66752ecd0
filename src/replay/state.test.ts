// What a person sees of a saved state: bookkeeping is called what it is, and of two states the field is named that differs.
import { describe, expect, test } from "vitest";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import { makeEntry } from "../protocol/entry.js";
import { LogIndex } from "../protocol/words.js";
import { readable, savedDifference, labelled } from "./state.js";

/** What a machine saves once a session has opened and its keep-alive said: up to 3, and of that 2 is still to come. */
function saved(lastInput: bigint): Uint8Array {
  const machine = createMachine(referenceParts);
  const inputs = [
    { $case: "openSession", value: { timeout: { seconds: 60n, nanos: 0 } } },
    {
      $case: "keepAlive",
      value: {
        sessionId: 1n,
        lastInputSequenceNum: lastInput,
        inputFilter: encodeInputFilter([2n]),
        lastOutputSequenceNums: new Map(),
      },
    },
  ];
  for (const [at, input] of inputs.entries()) {
    const entry = CommandInput.fromPartial({ timestamp: { seconds: 946_684_800n, nanos: 0 }, input } as never);
    machine.apply(makeEntry(LogIndex(BigInt(at + 1)), entry));
  }
  return machine.snapshot();
}

describe("a saved state", () => {
  test("calls the mark and the listed numbers so", () => {
    const { sessions } = labelled(readable(saved(3n))) as { sessions: { commands: Record<string, unknown>[] }[] };
    expect(sessions[0]?.commands.map(({ is, commandSequenceNum }) => [is, commandSequenceNum])).toEqual([
      ["listed", "2"],
      ["mark", "3"],
    ]);
  });

  test("is told from another by the first field that differs", () => {
    expect(savedDifference(saved(3n), saved(4n))).toEqual({
      field: "sessions[0].commands[1].commandSequenceNum",
      left: "3",
      right: "4",
    });
    expect(savedDifference(saved(3n), saved(3n))).toBeUndefined();
  });
});
