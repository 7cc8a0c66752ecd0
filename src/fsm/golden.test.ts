// A snapshot of format version 1, written once and kept: it must restore for ever. traces/golden/snapshot-v1.bin is the file,
// snapshot-v1.json what it says. Neither is ever written again; a new format gets files of its own beside them.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { CounterOutput } from "../proto/multiraft_sim/counter/v1/counter.js";
import { EnterInput, Term } from "../proto/multiraft_sim/election/v1/election.js";
import { AcquireInput, GetOutput as LockOutput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { EntriesOutput, PutInput } from "../proto/multiraft_sim/map/v1/map.js";
import { AddInput, ElementsOutput } from "../proto/multiraft_sim/set/v1/set.js";
import { SetInput } from "../proto/multiraft_sim/value/v1/value.js";
import { open } from "../protocol/snapshot-envelope.js";
import { messages, toJson, type Json } from "../protocol/wire.js";
import { payload, Script } from "./script.laws.js";

const GOLDEN = new URL("../../traces/golden/", import.meta.url);
const bytes = Uint8Array.from(readFileSync(new URL("snapshot-v1.bin", GOLDEN)));
const expected = JSON.parse(readFileSync(new URL("snapshot-v1.json", GOLDEN), "utf8")) as Json;

/** The life that the golden snapshot was taken of. */
function life(): Script {
  const script = new Script().at(946_684_800, 123_456_789);
  script.open(30, 500_000_000); // 1
  script.open(3600); // 2
  for (const kind of ["counter", "value", "map", "set", "lock", "election"]) script.create(1n, kind); // 3 to 8
  for (const kind of ["counter", "value", "map", "set", "lock", "election"]) script.create(2n, kind);
  const ttl = (seconds: number) => ({ seconds: BigInt(seconds), nanos: 1 });
  script.run(1n, 3n, 1n, "Decrement");
  script.run(1n, 4n, 2n, "Set", payload(SetInput, { value: Uint8Array.of(1, 2, 3), ttl: ttl(20) }));
  script.run(1n, 4n, 3n, "Events");
  for (const [at, key] of ["\u{1f600}", "b", "～", ""].entries()) {
    const put = { key, value: Uint8Array.of(at), ttl: at === 1 ? ttl(10) : undefined };
    script.run(2n, 5n, BigInt(at + 1), "Put", payload(PutInput, put));
    script.run(2n, 6n, BigInt(at + 11), "Add", payload(AddInput, { element: key }));
  }
  script.run(2n, 5n, 20n, "Events");
  script.run(1n, 7n, 4n, "Acquire");
  script.run(2n, 7n, 21n, "Acquire", payload(AcquireInput, { timeout: ttl(25) }));
  script.run(2n, 7n, 2n ** 64n - 1n, "Acquire");
  script.run(1n, 8n, 5n, "Enter", payload(EnterInput, { candidate: "one" }));
  script.run(2n, 8n, 22n, "Enter", payload(EnterInput, { candidate: "two" }));
  script.run(1n, 99n, 9n, "Increment");
  script.at(946_684_805);
  script.keepAlive(1n, 8n, [3n, 4n, 6n, 7n], { 3: 1n });
  return script;
}

function restored(): Script {
  const script = new Script();
  expect(script.restore(bytes, 7)).toEqual({ kind: "restored" });
  script.index = life().index;
  return script;
}

function asked<Message>(
  script: Script,
  service: bigint,
  name: string,
  codec: { decode(payload: Uint8Array): Message },
): Message | string {
  const answer = script.query(2n, service, name);
  return typeof answer === "string" ? answer : codec.decode(answer.payload);
}

describe("the golden snapshot", () => {
  test("it says what it said", () => {
    const opened = open(bytes);
    if (opened.kind === "refused") throw new Error(opened.message);
    expect(toJson(messages.PartitionSnapshot, PartitionSnapshot.decode(opened.payload))).toEqual(expected);
  });

  test("it restores, and is saved again as the same bytes", () => {
    expect(restored().snapshot()).toEqual(bytes);
  });

  test("the life that it was taken of still leads to it", () => {
    expect(life().snapshot()).toEqual(bytes);
  });

  test("what it holds can be read", () => {
    const script = restored();
    expect(asked(script, 3n, "Get", CounterOutput)).toEqual({ value: -1n });
    expect(asked(script, 6n, "Elements", ElementsOutput)).toEqual({ elements: ["", "b", "～", "\u{1f600}"] });
    const entries = asked(script, 5n, "Entries", EntriesOutput);
    expect(typeof entries === "string" ? entries : entries.entries.map(({ key }) => key)).toEqual([
      "",
      "b",
      "～",
      "\u{1f600}",
    ]);
    expect(asked(script, 7n, "Get", LockOutput)).toEqual({ holder: { sessionId: 1n, token: 27n }, waiters: 2 });
    expect(asked(script, 8n, "GetTerm", Term)).toEqual({ term: 1n, leader: "one", candidates: ["two"] });
  });

  test("it goes on: retries, listed numbers, timers, hand-overs", () => {
    const script = restored();
    script.at(946_684_805);
    expect(script.run(1n, 4n, 3n, "Events")).toBe("open");
    expect(script.run(1n, 3n, 1n, "Decrement")).toBe("CANCELED!");
    expect(script.run(1n, 3n, 7n, "Increment")).toBe("1:OK done");
    expect(script.run(1n, 99n, 9n, "Increment")).toBe("1:NOT_FOUND done");
    // b expires ten seconds and a nanosecond after it was put, the value ten seconds later.
    expect(script.at(946_684_810, 123_456_790).tick()).toBe("tick | 2/20 2:OK");
    expect(script.at(946_684_820, 123_456_790).tick()).toBe("tick | 1/3 2:OK");
    // The waiter's patience ends at 25 s, the holder's session 30.5 s after its last keep-alive.
    expect(script.at(946_684_825, 123_456_790).tick()).toBe("tick | 2/21 1:TIMEOUT done");
    expect(script.at(946_684_835, 623_456_789).tick()).toBe("tick | 2/18446744073709551615 1:OK done");
  });
});
