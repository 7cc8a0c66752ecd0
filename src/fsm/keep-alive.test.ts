// SPEC 2.2, keep_alive: four steps, and what must never follow from one that comes twice, late or out of order.
import { describe, expect, test } from "vitest";
import { CommandState, PartitionSnapshot, type CommandSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import { open } from "../protocol/snapshot-envelope.js";
import { payload, Script } from "./script.laws.js";

const MOST = 2n ** 64n - 1n;

/** Session 1 with the counter 2. */
function counting(): Script {
  const script = new Script().at(0);
  script.open(1000);
  script.create(1n, "counter");
  return script;
}

/** The session's records as text: "listed 3", "mark 5", "open 6:[2]", "complete 7:[1]"; a marker is "2*". */
function records(script: Script, session = 1n): string[] {
  const opened = open(script.snapshot());
  if (opened.kind === "refused") throw new Error(opened.message);
  const saved = PartitionSnapshot.decode(opened.payload).sessions.find(({ sessionId }) => sessionId === session);
  return (saved?.commands ?? []).map(sayRecord);
}

function sayRecord({ commandSequenceNum, state, input, pendingOutputs }: CommandSnapshot): string {
  const isOpen = state === CommandState.COMMAND_OPEN;
  if (input === undefined) return `${isOpen ? "listed" : "mark"} ${commandSequenceNum}`;
  const outputs = pendingOutputs.map((one) => `${one.sequenceNum}${one.operation === undefined ? "*" : ""}`);
  return `${isOpen ? "open" : "complete"} ${commandSequenceNum}:[${outputs.join(",")}]`;
}

describe("2.2 keep_alive, refused", () => {
  test("2.2: an unknown session is NOT_FOUND, before its filter is looked at", () => {
    const script = new Script();
    expect(script.keepAliveWith(7n, 0n, new Uint8Array(0))).toBe("NOT_FOUND!");
  });

  test("2.2: a filter that does not decode is INVALID and changes nothing, not even the refresh", () => {
    const script = counting();
    script.run(1n, 2n, 1n, "Increment");
    const before = records(script);
    expect(script.at(900).keepAliveWith(1n, 1n, new TextEncoder().encode("{}"))).toBe("INVALID!");
    expect(records(script)).toEqual(before);
    expect(script.at(1000).keepAlive(1n, 1n, [])).toBe("NOT_FOUND!");
  });

  test("2.2: 65 536 numbers that never arrived may be covered at once, one more is INVALID", () => {
    const script = counting();
    expect(script.keepAlive(1n, 65_537n, [])).toBe("INVALID!");
    expect(records(script)).toEqual([]);
    expect(script.keepAlive(1n, 65_536n, [])).toBe("kept");
    expect(script.keepAlive(1n, 65_536n + 65_537n, [])).toBe("INVALID!");
    expect(script.keepAlive(1n, 65_536n + 65_536n, [])).toBe("kept");
    expect(records(script)).toEqual(["mark 131072"]);
  });

  test("2.2: what an earlier one covered is not listed by a later one, though its filter says so", () => {
    const script = counting();
    script.run(1n, 2n, 1n, "Increment");
    expect(script.keepAlive(1n, 5n, [1n])).toBe("kept");
    expect(records(script)).toEqual(["complete 1:[1]", "mark 5"]);
    expect(script.keepAlive(1n, 7n, [1n, 2n, 6n])).toBe("kept");
    expect(records(script)).toEqual(["complete 1:[1]", "listed 6", "mark 7"]);
  });

  test("2.2: remembered numbers do not count among those that never arrived", () => {
    const script = counting();
    script.run(1n, 2n, 5n, "Increment");
    script.run(1n, 2n, 65_537n, "Increment");
    script.run(1n, 2n, 65_539n, "Increment");
    // Up to 65 540 there are 65 537 others, up to 65 539 one fewer.
    expect(script.keepAlive(1n, 65_540n, [])).toBe("INVALID!");
    expect(records(script)).toHaveLength(3);
    expect(script.keepAlive(1n, 65_539n, [])).toBe("kept");
    expect(records(script)).toEqual(["mark 65539"]);
  });

  test("2.2: more than 65 536 listed numbers are INVALID, though each keep-alive covers fewer", () => {
    const script = counting();
    const open = Array.from({ length: 65_536 }, (_, at) => BigInt(at + 1));
    const filter = encodeInputFilter(open);
    expect(script.keepAliveWith(1n, 40_000n, filter)).toBe("kept");
    expect(script.keepAliveWith(1n, 65_536n, filter)).toBe("kept");
    const all = encodeInputFilter([...open, 65_537n]);
    const before = script.snapshot();
    expect(script.keepAliveWith(1n, 65_537n, all)).toBe("INVALID!");
    expect(records(script)).toHaveLength(65_537);
    expect(script.snapshot().length).toBe(before.length);
    // One leaves the list, one comes to it.
    expect(script.keepAliveWith(1n, 65_537n, encodeInputFilter([...open.slice(1), 65_537n], 4_000_000))).toBe("kept");
  });

  test("2.2: no number makes it count further than that", () => {
    const script = counting();
    expect(script.keepAlive(1n, MOST, [MOST])).toBe("INVALID!");
    script.run(1n, 2n, MOST, "Increment");
    expect(script.keepAlive(1n, MOST, [])).toBe("INVALID!");
  });
});

describe("2.2 keep_alive, its steps", () => {
  test("2.2.1: a remembered command up to last_input that is not in the filter is forgotten", () => {
    const script = counting();
    for (const number of [1n, 2n, 3n]) script.run(1n, 2n, number, "Increment");
    expect(script.keepAlive(1n, 2n, [])).toBe("kept");
    expect(records(script)).toEqual(["mark 2", "complete 3:[1]"]);
    expect(script.run(1n, 2n, 2n, "Increment")).toBe("CANCELED!");
  });

  test("2.2.1: a forgotten command that is open ends first, silently", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.create(1n, "lock");
    script.run(1n, 2n, 1n, "Acquire");
    script.run(1n, 2n, 2n, "Acquire", payload(AcquireInput, { timeout: { seconds: 10n, nanos: 0 } }));
    expect(script.keepAlive(1n, 2n, [])).toBe("kept");
    expect(script.run(1n, 2n, 3n, "Release")).toBe("1:OK done");
    expect(script.at(10).tick()).toBe("tick");
  });

  test("2.4 lock: forgetting the Acquire leaves the lock held", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.create(1n, "lock");
    script.run(1n, 2n, 1n, "Acquire");
    script.keepAlive(1n, 1n, []);
    expect(script.run(1n, 2n, 2n, "Acquire")).toBe("open");
  });

  test("2.2.1: of one in the filter the outputs up to the acknowledged one are dropped, and no others", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.create(1n, "value");
    script.run(1n, 2n, 1n, "Events");
    for (const number of [2n, 3n]) script.run(1n, 2n, number, "Set");
    expect(script.keepAlive(1n, 3n, [1n, 2n], { 1: 2n, 2: 0n })).toBe("kept");
    expect(records(script)).toEqual(["open 1:[3]", "complete 2:[1]", "mark 3"]);
  });

  test("2.2.1: an acknowledgement of more than was produced acknowledges what was", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.create(1n, "value");
    script.run(1n, 2n, 1n, "Events");
    script.keepAlive(1n, 1n, [1n], { 1: MOST });
    expect(records(script)).toEqual(["mark 1", "open 1:[1*]"]);
    expect(script.run(1n, 2n, 2n, "Set")).toBe("1:OK done | 1/1 2:OK");
    expect(records(script)).toEqual(["mark 1", "open 1:[2]", "complete 2:[1]"]);
  });

  test("2.2.1: an acknowledgement of a number that the filter lacks, or above last_input, drops nothing of others", () => {
    const script = counting();
    script.run(1n, 2n, 1n, "Increment");
    script.run(1n, 2n, 2n, "Increment");
    expect(script.keepAlive(1n, 1n, [1n], { 2: 1n, 9: 9n })).toBe("kept");
    expect(records(script)).toEqual(["mark 1", "complete 1:[1]", "complete 2:[1]"]);
  });

  test("2.2.2: a listed number up to last_input that is not in the filter leaves the list", () => {
    const script = counting();
    script.keepAlive(1n, 4n, [1n, 3n]);
    expect(records(script)).toEqual(["listed 1", "listed 3", "mark 4"]);
    script.keepAlive(1n, 2n, []);
    expect(records(script)).toEqual(["listed 3", "mark 4"]);
  });

  test("2.2.3: only numbers above the mark as it stood before are listed: an old keep-alive lists nothing", () => {
    const script = counting();
    script.keepAlive(1n, 3n, [3n]);
    expect(records(script)).toEqual(["listed 3", "mark 3"]);
    // The one before it, late: 1 and 2 were given up since.
    expect(script.keepAlive(1n, 2n, [1n, 2n])).toBe("kept");
    expect(records(script)).toEqual(["listed 3", "mark 3"]);
    expect(script.run(1n, 2n, 1n, "Increment")).toBe("CANCELED!");
  });

  test("2.2.3: the mark never falls", () => {
    const script = counting();
    script.keepAlive(1n, 3n, []);
    script.keepAlive(1n, 1n, []);
    expect(records(script)).toEqual(["mark 3"]);
  });

  test("2.2.3: a remembered number is not listed", () => {
    const script = counting();
    script.run(1n, 2n, 2n, "Increment");
    script.keepAlive(1n, 3n, [1n, 2n, 3n]);
    expect(records(script)).toEqual(["listed 1", "complete 2:[1]", "listed 3", "mark 3"]);
  });

  test("2.2.4: remembered commands above last_input are untouched", () => {
    const script = counting();
    script.run(1n, 2n, 2n, "Increment");
    script.keepAlive(1n, 1n, [], { 2: 1n });
    expect(records(script)).toEqual(["mark 1", "complete 2:[1]"]);
  });

  test("2.2: numbers that arrive in any order are gone through in ascending order", () => {
    const script = counting();
    for (const number of [5n, 1n, 4n, 2n]) script.run(1n, 2n, number, "Increment");
    expect(records(script)).toEqual(["complete 1:[1]", "complete 2:[1]", "complete 4:[1]", "complete 5:[1]"]);
    script.keepAlive(1n, 4n, [2n, 3n]);
    expect(records(script)).toEqual(["complete 2:[1]", "listed 3", "mark 4", "complete 5:[1]"]);
  });

  test("2.2: the same keep-alive twice does what one does", () => {
    const script = counting();
    script.run(1n, 2n, 1n, "Increment");
    script.keepAlive(1n, 3n, [1n, 3n]);
    const once = records(script);
    script.keepAlive(1n, 3n, [1n, 3n]);
    expect(records(script)).toEqual(once);
  });
});
