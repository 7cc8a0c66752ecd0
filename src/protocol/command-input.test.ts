// The entries that clients send are read by hand; what they say is what the generated decoder says.
import { expect, test, vi } from "vitest";
import { CommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { decodeCommandInput } from "./command-input.js";

const timestamp = { seconds: 1_700_000_000n, nanos: 5 };
const bytes = Uint8Array.of(1, 2, 3);
const command = (operation: { name: string; payload: Uint8Array } | undefined): CommandInput["input"] => {
  const value = { serviceId: 3n, sequenceNum: 300n, operation };
  return {
    $case: "sessionCommand",
    value: { sessionId: 2n ** 20n, input: { $case: "serviceCommand", value } },
  };
};
const keepAlive = (outputs: readonly (readonly [bigint, bigint])[]): CommandInput["input"] => ({
  $case: "keepAlive",
  value: { sessionId: 1n, inputFilter: bytes, lastInputSequenceNum: 9n, lastOutputSequenceNums: new Map(outputs) },
});

const quick: readonly (readonly [string, CommandInput])[] = [
  ["a tick", { timestamp, input: undefined }],
  ["nothing", { timestamp: undefined, input: undefined }],
  ["a service command", { timestamp, input: command({ name: "Increment", payload: bytes }) }],
  ["one of an unknown name", { timestamp, input: command({ name: "no such name", payload: new Uint8Array(0) }) }],
  ["one without an operation", { timestamp, input: command(undefined) }],
  [
    "a session command without its input",
    { timestamp, input: { $case: "sessionCommand", value: { sessionId: 4n, input: undefined } } },
  ],
  ["a keep-alive", { timestamp, input: keepAlive([]) }],
  [
    "a keep-alive with outputs",
    {
      timestamp: undefined,
      input: keepAlive([
        [1n, 2n],
        [5n, 0n],
        [0n, 7n],
      ]),
    },
  ],
];

test.each(quick)("%s is read by hand: the generated decoder is not asked, and would say the same", (_, message) => {
  const encoded = CommandInput.encode(message).finish();
  expect(CommandInput.decode(encoded)).toEqual(message);
  const asked = vi.spyOn(CommandInput, "decode");
  const read = decodeCommandInput(encoded);
  const times = asked.mock.calls.length;
  asked.mockRestore();
  expect(times).toBe(0);
  expect(read).toEqual(message);
});

test("the others are the generated decoder's", () => {
  const message: CommandInput = {
    timestamp,
    input: { $case: "openSession", value: { timeout: { seconds: 5n, nanos: 0 } } },
  };
  expect(decodeCommandInput(CommandInput.encode(message).finish())).toEqual(message);
  expect(decodeCommandInput(Uint8Array.of(0xff))).toBeUndefined();
});
