// SPEC 2.1: log time and timers.
import { describe, expect, test } from "vitest";
import { SetInput } from "../proto/multiraft_sim/value/v1/value.js";
import { AcquireInput } from "../proto/multiraft_sim/lock/v1/lock.js";
import { PutInput } from "../proto/multiraft_sim/map/v1/map.js";
import type { Timestamp } from "../proto/google/protobuf/timestamp.js";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { open } from "../protocol/snapshot-envelope.js";
import { Nanos } from "../base/time.js";
import { payload, say, Script } from "./script.laws.js";
import type { At } from "./services/service.js";
import { value, type Value } from "./services/value.js";
import { createMachine, referenceParts } from "./session-machine.js";

function logTime(script: Script): Timestamp | undefined {
  const opened = open(script.snapshot());
  if (opened.kind === "refused") throw new Error(opened.message);
  return PartitionSnapshot.decode(opened.payload).timestamp;
}

const tickAt = (script: Script, timestamp: Timestamp | undefined): string =>
  say(script.entry({ timestamp, input: undefined }));

describe("2.1 log time", () => {
  test("2.1.1: it starts at the Unix epoch", () => {
    expect(logTime(new Script())).toEqual({ seconds: 0n, nanos: 0 });
  });

  test("2.1.1: an entry sets it to the greater of itself and the entry's timestamp", () => {
    const script = new Script();
    tickAt(script, { seconds: 7n, nanos: 5 });
    tickAt(script, { seconds: 7n, nanos: 4 });
    expect(logTime(script)).toEqual({ seconds: 7n, nanos: 5 });
    tickAt(script, { seconds: 8n, nanos: 0 });
    expect(logTime(script)).toEqual({ seconds: 8n, nanos: 0 });
  });

  test("2.1.1: the first second after the epoch counts like any other", () => {
    const script = new Script();
    tickAt(script, { seconds: 0n, nanos: 5 });
    expect(logTime(script)).toEqual({ seconds: 0n, nanos: 5 });
  });

  test.each([
    ["missing", undefined],
    ["before the epoch", { seconds: -1n, nanos: 999_999_999 }],
    ["past the year 9999", { seconds: 253_402_300_800n, nanos: 0 }],
    ["with negative nanoseconds", { seconds: 9n, nanos: -1 }],
    ["with a second's worth of nanoseconds", { seconds: 9n, nanos: 1_000_000_000 }],
    ["at the end of int64", { seconds: 2n ** 63n - 1n, nanos: 0 }],
  ])("2.1.1: a timestamp %s moves nothing", (_, timestamp) => {
    const script = new Script();
    tickAt(script, { seconds: 7n, nanos: 5 });
    tickAt(script, timestamp);
    expect(logTime(script)).toEqual({ seconds: 7n, nanos: 5 });
  });

  test("2.1.1: the last instant of the year 9999 is one", () => {
    const script = new Script();
    tickAt(script, { seconds: 253_402_300_799n, nanos: 999_999_999 });
    expect(logTime(script)).toEqual({ seconds: 253_402_300_799n, nanos: 999_999_999 });
  });
});

describe("2.1 timers", () => {
  const forEver = payload(AcquireInput, { timeout: undefined });
  const wait = (seconds: number): Uint8Array =>
    payload(AcquireInput, { timeout: { seconds: BigInt(seconds), nanos: 0 } });

  test("2.1.2: they run before the entry's own input", () => {
    const script = new Script().at(0);
    script.open(10);
    expect(script.at(10).keepAlive(1n, 0n, [])).toBe("NOT_FOUND!");
  });

  test("2.1.4: deadlines are inclusive, to the nanosecond", () => {
    const script = new Script().at(1, 500_000_000);
    script.open(10, 250_000_000);
    expect(script.at(11, 749_999_999).keepAliveWith(1n, 0n, new Uint8Array(0))).toBe("INVALID!");
    expect(script.at(11, 750_000_000).keepAlive(1n, 0n, [])).toBe("NOT_FOUND!");
  });

  test("2.1.2: they run by deadline, then expiries by session, then service timers by service and key", () => {
    const script = new Script().at(0);
    script.open(1000); // 1: listens to everything
    script.open(1000); // 2
    for (const [kind, name] of [
      ["map", "m"], // 3
      ["value", "v"], // 4
      ["lock", "l"], // 5
    ] as const) {
      script.create(1n, kind, name);
      script.create(2n, kind, name);
    }
    expect(script.index).toBe(8n);
    const ids = { map: 3n, value: 5n, lock: 7n };
    script.run(1n, ids.map, 1n, "Events");
    script.run(1n, ids.value, 2n, "Events");
    script.run(2n, ids.lock, 1n, "Acquire", forEver);
    // All of these come due at 60, and are set in another order than they run in.
    script.run(1n, ids.lock, 3n, "Acquire", wait(60));
    const ttl = { seconds: 60n, nanos: 0 };
    script.run(1n, ids.value, 4n, "Set", payload(SetInput, { value: Uint8Array.of(1), ttl }));
    // U+FF5E is after U+1F600 in UTF-16, and before it in UTF-8.
    for (const [at, key] of ["\u{1f600}", "b", "～", "a"].entries()) {
      script.run(1n, ids.map, BigInt(5 + at), "Put", payload(PutInput, { key, value: Uint8Array.of(), ttl }));
    }
    const { emissions } = script.at(60).apply(undefined);
    expect(emissions.map(({ commandNum, output }) => `${commandNum}:${output.sequenceNum}`)).toEqual([
      "1:6", // map: a
      "1:7", // b
      "1:8", // U+FF5E
      "1:9", // U+1F600
      "2:3", // value
      "3:1", // lock
    ]);
    const keys = emissions.slice(0, 4).map(({ output }) => {
      const bytes = output.operation?.payload ?? Uint8Array.of();
      return new TextDecoder().decode(bytes.subarray(4, 4 + (bytes[3] ?? 0)));
    });
    expect(keys).toEqual(["a", "b", "～", "\u{1f600}"]);
  });

  test("2.1.2: log time stands at the deadline while a timer runs", () => {
    // Session 1 dies at 10 holding the lock; session 2, waiting until 20, gets it at 10, though the entry comes at 30.
    const script = new Script().at(0);
    script.open(10);
    script.open(1000);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", wait(20));
    expect(script.at(30).tick()).toBe("tick | 2/1 1:OK done");
  });

  test("2.1.2: a waiter whose time is over at the instant at which the holder dies still gets the lock", () => {
    // The expiry of a session has the lower rank: it runs first, and cancels the waiter's timer (2.1.3).
    const script = new Script().at(0);
    script.open(10);
    script.open(1000);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", wait(10));
    expect(script.at(30).tick()).toBe("tick | 2/1 1:OK done");
  });

  test("2.1.2: waiters of one lock time out by session, then number, not in the order of the queue", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.open(1000);
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 2n, "Acquire", wait(5));
    script.run(2n, 3n, 1n, "Acquire", wait(5));
    script.run(1n, 3n, 2n, "Acquire", wait(5));
    expect(script.at(5).tick()).toBe("tick | 1/2 1:TIMEOUT done | 2/1 1:TIMEOUT done | 2/2 1:TIMEOUT done");
  });

  test("2.1.2: ties run alike on a restored replica", () => {
    const script = new Script().at(0);
    for (const timeout of [1000, 10, 10]) script.open(timeout);
    for (const session of [1n, 2n, 3n]) script.create(session, "lock");
    script.run(3n, 4n, 1n, "Acquire", forEver);
    script.run(1n, 4n, 1n, "Acquire", forEver);
    script.keepAlive(3n, 0n, []);
    const other = script.restored();
    expect(script.at(10).tick()).toBe("tick | 1/1 1:OK done");
    expect(other.at(10).tick()).toBe("tick | 1/1 1:OK done");
    expect(other.snapshot()).toEqual(script.snapshot());
  });

  test("2.1.3: a timer that is cancelled by the one before it in the same entry does not run, and the rest do", () => {
    const script = new Script().at(0);
    script.open(10); // 1: holds
    script.open(1000); // 2: waits until 10, listens
    script.create(1n, "lock");
    script.create(2n, "lock");
    script.create(2n, "value"); // 5
    script.run(1n, 3n, 1n, "Acquire", forEver);
    script.run(2n, 3n, 1n, "Acquire", wait(10));
    script.run(2n, 5n, 2n, "Events");
    script.run(2n, 5n, 3n, "Set", payload(SetInput, { value: Uint8Array.of(1), ttl: { seconds: 10n, nanos: 0 } }));
    expect(script.at(10).tick()).toBe("tick | 2/1 1:OK done | 2/2 3:OK");
  });
});

test("2.1.2: inside a timer log time stands at its deadline, also when the entry's is later; and never goes back", () => {
  const seen: bigint[] = [];
  const watched: Value = {
    ...value,
    due(at: At, state, timer) {
      seen.push(at.now);
      value.due.call(this, at, state, timer);
      // Due before it was set: it runs in this entry, and time stays where it is.
      if (seen.length === 1) at.setTimer(Nanos(at.now - 1_000_000_000n), "earlier");
    },
  };
  const registry = new Map([...referenceParts.registry, ["value", watched]]);
  const script = new Script(createMachine({ ...referenceParts, registry }));
  const session = script.at(1).open(100);
  script.create(session, "value");
  const ttl = { seconds: 2n, nanos: 0 };
  script.command(session, script.index, 1n, "Set", payload(SetInput, { value: new Uint8Array(0), ttl }));
  script.at(10).tick();
  expect(seen).toEqual([3_000_000_000n, 3_000_000_000n]);
});
