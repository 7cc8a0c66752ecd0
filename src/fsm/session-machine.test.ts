// SPEC 2: what an entry comes to as a whole, and which emissions go out.
import { describe, expect, test } from "vitest";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { decodeEntry } from "../protocol/entry.js";
import { encodeInputFilter } from "../protocol/input-filter.js";
import { LogIndex } from "../protocol/words.js";
import { reference } from "./reference.js";
import { payload, say, Script } from "./script.laws.js";
import { createMachine, referenceParts } from "./session-machine.js";
import type { State } from "./state.js";
import { timers } from "./timers.js";

const wait = (seconds: number): Uint8Array =>
  payload(AcquireInput, { timeout: { seconds: BigInt(seconds), nanos: 0 } });
const forEver = payload(AcquireInput, { timeout: undefined });

/** Sessions 1 and 2, with the lock 3 open in both. Session 1 dies of 100 s of silence, session 2 of `timeout`. */
function lockOfTwo(timeout = 1000): Script {
  const script = new Script().at(0);
  expect(script.open(100)).toBe(1n);
  expect(script.open(timeout)).toBe(2n);
  expect(script.create(1n, "lock")).toBe("service 3");
  expect(script.create(2n, "lock")).toBe("service 3");
  return script;
}

describe("2 apply", () => {
  test("2: undecodable bytes take an index, answer INVALID, and don't move time", () => {
    const script = new Script().at(5);
    script.open(10);
    const before = script.snapshot();
    const applied = script.machine.apply(decodeEntry(LogIndex(2n), Uint8Array.of(0x0a, 0x05, 0x08)));
    expect(say(applied)).toBe("INVALID!");
    script.index = 2n;
    expect(script.snapshot()).not.toEqual(before); // the index in it is another
    expect(script.open(10)).toBe(3n);
  });

  test("2: an entry without an input is a tick: time moves, timers run, the reply is an empty CommandOutput", () => {
    const script = new Script().at(0);
    script.open(10);
    const applied = script.at(10).apply(undefined);
    expect(applied.reply).toEqual({ kind: "answer", outputs: [{ index: 2n, output: undefined }], complete: true });
    expect(script.keepAlive(1n, 0n, [])).toBe("NOT_FOUND!");
  });

  test("2: a session command without its inner input is INVALID, after the session check", () => {
    const script = new Script().at(0);
    script.open(10);
    const inner = (sessionId: bigint) =>
      script.apply({ $case: "sessionCommand", value: { sessionId, input: undefined } });
    expect(say(inner(1n))).toBe("INVALID!");
    expect(say(inner(9n))).toBe("NOT_FOUND!");
  });

  test("2: a query, and a session query, without its inner input is INVALID, after the session check", () => {
    const script = new Script().at(0);
    script.open(10);
    const ask = (sessionId: bigint) =>
      script.machine.query({
        maxReceivedIndex: 0n,
        input: { $case: "sessionQuery", value: { sessionId, input: undefined } },
      });
    expect(script.machine.query({ maxReceivedIndex: 0n, input: undefined })).toMatchObject({ status: 9 });
    expect(ask(1n)).toMatchObject({ kind: "failure", status: 9 });
    expect(ask(9n)).toMatchObject({ kind: "failure", status: 4 });
  });

  test("2: each output of a reply carries the index of its entry, a retry's that of the retry", () => {
    const script = new Script().at(0);
    script.open(10);
    script.create(1n, "counter");
    const indexes = [1, 2].map(() => {
      const { reply } = script.command(1n, 2n, 1n, "Increment");
      return reply.kind === "answer" ? reply.outputs.map(({ index }) => index) : [];
    });
    expect(indexes).toEqual([[3n], [4n]]);
  });
});

describe("2 emissions", () => {
  test("2: an emission for a session that dies in the same entry is dropped, the change of state stands", () => {
    // Both sessions expire in one entry, 1 first: its lock goes to 2, whose own expiry gives it back.
    const script = lockOfTwo(200);
    script.run(1n, 3n, 1n, "Acquire", forEver);
    expect(script.run(2n, 3n, 1n, "Acquire", forEver)).toBe("open");
    expect(script.at(500).tick()).toBe("tick");
  });

  test("2: the same, where the entry is another session's command", () => {
    // 1 holds and lives on; 2 waits for 50 s, and dies at 100: both within the entry at 150.
    const script = new Script().at(0);
    script.open(1000);
    script.open(100);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire", forEver);
    expect(script.run(2n, 3n, 1n, "Acquire", wait(50))).toBe("open");
    expect(script.at(150).run(1n, 3n, 2n, "Release")).toBe("1:OK done");
  });

  test("2: what a timer produced for the command that this entry retries stands in the reply only", () => {
    const script = lockOfTwo();
    script.run(1n, 3n, 1n, "Acquire", forEver);
    expect(script.run(2n, 3n, 1n, "Acquire", wait(50))).toBe("open");
    // At 50 the wait is over, by the very entry that asks again.
    expect(script.at(50).run(2n, 3n, 1n, "Acquire", wait(50))).toBe("1:TIMEOUT done");
  });

  test("2: the same, where the timer is a session's expiry that hands on", () => {
    const script = lockOfTwo();
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", forEver);
    expect(script.at(100).run(2n, 3n, 1n, "Acquire", forEver)).toBe("1:OK done");
  });

  test("2: what a timer produced for a command that this entry forgets is dropped", () => {
    const script = lockOfTwo();
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", wait(50));
    expect(script.at(50).keepAlive(2n, 1n, [])).toBe("kept");
  });

  test("2: what a timer produced for a command that this entry keeps goes out, acknowledged or not", () => {
    const script = lockOfTwo();
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", wait(50));
    expect(script.at(50).keepAlive(2n, 1n, [1n], { 1: 1n })).toBe("kept | 2/1 1:TIMEOUT done");
  });

  test("2: a retry that is refused as a conflict keeps nothing back", () => {
    const script = lockOfTwo();
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", wait(50));
    expect(script.at(50).run(2n, 3n, 1n, "Acquire", wait(51))).toBe("CONFLICT! | 2/1 1:TIMEOUT done");
  });

  test("2: emissions of one change go out by session id, then command number", () => {
    const script = new Script().at(0);
    script.open(100);
    script.open(100);
    script.create(1n, "value");
    script.create(2n, "value");
    script.run(2n, 3n, 2n, "Events");
    script.run(2n, 3n, 1n, "Events");
    script.run(1n, 3n, 7n, "Events");
    expect(script.run(2n, 3n, 3n, "Set")).toBe("1:OK done | 1/7 2:OK | 2/1 2:OK | 2/2 2:OK");
  });

  test("2: no input throws, whatever its numbers", () => {
    const script = new Script().at(0);
    script.open(100);
    const most = 2n ** 64n - 1n;
    expect(script.keepAliveWith(1n, most, encodeInputFilter([most]), { 1: most })).toBe("INVALID!");
    expect(script.keepAlive(most, most, [most])).toBe("NOT_FOUND!");
    expect(script.closeService(1n, most)).toBe("NOT_FOUND!");
    expect(script.run(1n, most, most, "Increment")).toBe("1:NOT_FOUND done");
    expect(script.run(1n, most, most, "Increment")).toBe("1:NOT_FOUND done");
  });
});

test("2: of the trial it asks for ticks, and offers canonical snapshots of six kinds of service", () => {
  expect(reference.capabilities).toMatchObject({ snapshots: "canonical", ticks: true });
  expect(reference.capabilities.services.toSorted()).toEqual(["counter", "election", "lock", "map", "set", "value"]);
});

test("2.1: what ends takes its timer along: nothing is left behind to come due", () => {
  let state: State | undefined;
  const watched: typeof timers = {
    ...timers,
    set(of, timer) {
      state = of;
      timers.set.call(this, of, timer);
    },
  };
  const script = new Script(createMachine({ ...referenceParts, timers: watched })).at(0);
  const left = (): number | undefined => state?.timers.length;
  script.open(100);
  script.open(100);
  script.create(1n, "lock");
  script.create(2n, "lock");
  script.run(1n, 3n, 1n, "Acquire");
  expect(left()).toBe(2); // one for each session
  script.run(2n, 3n, 1n, "Acquire", wait(50));
  expect(left()).toBe(3);
  script.keepAlive(2n, 1n, []); // given up
  expect(left()).toBe(2);
  script.run(2n, 3n, 2n, "Acquire", wait(50));
  script.run(1n, 3n, 2n, "Release"); // granted
  expect(left()).toBe(2);
  script.run(1n, 3n, 3n, "Acquire", wait(50));
  script.closeSession(1n);
  expect(left()).toBe(1);
  script.at(100).tick();
  expect(left()).toBe(0);
});

test("the reference says what it can do: six kinds, canonical snapshots, and it is to be told of time", () => {
  expect(reference.capabilities).toEqual({
    services: ["counter", "value", "map", "set", "lock", "election"],
    snapshots: "canonical",
    ticks: true,
  });
});
