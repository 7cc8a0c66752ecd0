// SPEC 2.4: what each service answers. One session (1) uses one of each kind (2 to 7) unless a test says otherwise.
import { describe, expect, test } from "vitest";
import * as counter from "../../proto/multiraft_sim/counter/v1/counter.js";
import * as election from "../../proto/multiraft_sim/election/v1/election.js";
import * as lock from "../../proto/multiraft_sim/lock/v1/lock.js";
import * as map from "../../proto/multiraft_sim/map/v1/map.js";
import * as set from "../../proto/multiraft_sim/set/v1/set.js";
import * as value from "../../proto/multiraft_sim/value/v1/value.js";
import type { OperationOutput } from "../../proto/atomix/multiraft/v1/fsm.js";
import { payload, replied, say, Script, statusName, type Encoder } from "../script.laws.js";

interface Codec<Message> extends Encoder<Message> {
  decode(bytes: Uint8Array): Message;
}

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);
const seconds = (count: number) => ({ seconds: BigInt(count), nanos: 0 });

/** One service, by its commands: each call gives the next number. */
class Use {
  #number = 0n;

  constructor(
    readonly script: Script,
    readonly session: bigint,
    readonly service: bigint,
  ) {}

  run<Input>(name: string, codec: Encoder<Input>, input: Input): string {
    this.#number += 1n;
    return this.script.run(this.session, this.service, this.#number, name, payload(codec, input));
  }

  /** The answer's message, or its status where it is not OK. */
  ask<Input, Output>(name: string, codec: Encoder<Input>, input: Input, output: Codec<Output>): Output | string {
    this.#number += 1n;
    const [answer] = replied(
      this.script.command(this.session, this.service, this.#number, name, payload(codec, input)),
    );
    return read(answer, output);
  }

  query<Input, Output>(name: string, codec: Encoder<Input>, input: Input, output: Codec<Output>): Output | string {
    const answer = this.script.query(this.session, this.service, name, payload(codec, input));
    return typeof answer === "string" ? answer : read(answer, output);
  }

  /** The messages of the emissions of the next thing that `act` does. */
  told<Output>(act: (script: Script) => ReturnType<Script["apply"]>, output: Codec<Output>): (Output | string)[] {
    return act(this.script).emissions.map((emission) => read(emission.output.operation, output));
  }
}

function read<Output>(answer: OperationOutput | undefined, output: Codec<Output>): Output | string {
  if (answer === undefined) return "nothing";
  return answer.status === 1 ? output.decode(answer.payload) : statusName(answer.status);
}

function use(kind: string, script = new Script().at(0)): Use {
  const session = script.open(1000);
  const service = BigInt(/service (\d+)/.exec(script.create(session, kind))?.[1] ?? "0");
  return new Use(script, session, service);
}

describe("2.4 counter", () => {
  const answer = (value: bigint) => ({ value });

  test("counter: each command answers the new value", () => {
    const c = use("counter");
    expect(c.ask("Set", counter.SetInput, { value: 5n }, counter.CounterOutput)).toEqual(answer(5n));
    expect(c.ask("Increment", counter.IncrementInput, { delta: 3n }, counter.CounterOutput)).toEqual(answer(8n));
    expect(c.ask("Decrement", counter.DecrementInput, { delta: 10n }, counter.CounterOutput)).toEqual(answer(-2n));
    expect(c.query("Get", counter.GetInput, {}, counter.CounterOutput)).toEqual(answer(-2n));
  });

  test("counter: a delta that is absent is 1, one that is 0 is 0", () => {
    const c = use("counter");
    expect(c.ask("Increment", counter.IncrementInput, {}, counter.CounterOutput)).toEqual(answer(1n));
    expect(c.ask("Increment", counter.IncrementInput, { delta: 0n }, counter.CounterOutput)).toEqual(answer(1n));
    expect(c.ask("Decrement", counter.DecrementInput, {}, counter.CounterOutput)).toEqual(answer(0n));
  });

  test("counter: int64, wraps both ways", () => {
    const c = use("counter");
    const most = 2n ** 63n - 1n;
    c.run("Set", counter.SetInput, { value: most });
    expect(c.ask("Increment", counter.IncrementInput, {}, counter.CounterOutput)).toEqual(answer(-most - 1n));
    expect(c.ask("Decrement", counter.DecrementInput, {}, counter.CounterOutput)).toEqual(answer(most));
    expect(c.ask("Decrement", counter.DecrementInput, { delta: -most - 1n }, counter.CounterOutput)).toEqual(
      answer(-1n),
    );
  });

  test("counter: CompareAndSet of another value is CONFLICT and changes nothing", () => {
    const c = use("counter");
    const swap = (expectValue: bigint, update: bigint) =>
      c.ask("CompareAndSet", counter.CompareAndSetInput, { expect: expectValue, update }, counter.CounterOutput);
    expect(swap(1n, 2n)).toBe("CONFLICT");
    expect(c.query("Get", counter.GetInput, {}, counter.CounterOutput)).toEqual(answer(0n));
    expect(swap(0n, 2n)).toEqual(answer(2n));
  });
});

describe("2.4 value", () => {
  const get = (v: Use) => v.query("Get", value.GetInput, {}, value.GetOutput);

  test("value: the version is the index of the write, and of a retry that of the first run", () => {
    const v = use("value");
    expect(v.ask("Set", value.SetInput, { value: bytes(1), ttl: undefined }, value.WriteOutput)).toEqual({
      version: 3n,
    });
    v.script.tick();
    v.script.run(1n, 2n, 1n, "Set", payload(value.SetInput, { value: bytes(1), ttl: undefined }));
    expect(get(v)).toEqual({ value: bytes(1), version: 3n });
  });

  test("value: Insert over something is ALREADY_EXISTS; Update and Delete of nothing are NOT_FOUND", () => {
    const v = use("value");
    const update = { value: bytes(2), version: undefined, ttl: undefined };
    expect(v.ask("Update", value.UpdateInput, update, value.WriteOutput)).toBe("NOT_FOUND");
    expect(v.ask("Delete", value.DeleteInput, {}, value.DeleteOutput)).toBe("NOT_FOUND");
    expect(get(v)).toBe("NOT_FOUND");
    expect(v.ask("Insert", value.InsertInput, { value: bytes(1), ttl: undefined }, value.WriteOutput)).toEqual({
      version: 5n,
    });
    expect(v.ask("Insert", value.InsertInput, { value: bytes(2), ttl: undefined }, value.WriteOutput)).toBe(
      "ALREADY_EXISTS",
    );
    expect(get(v)).toEqual({ value: bytes(1), version: 5n });
    expect(v.ask("Update", value.UpdateInput, update, value.WriteOutput)).toEqual({ version: 7n });
    expect(v.ask("Delete", value.DeleteInput, {}, value.DeleteOutput)).toEqual({ value: bytes(2), version: 7n });
    expect(get(v)).toBe("NOT_FOUND");
  });

  test("value: Update and Delete with another version are CONFLICT and change nothing, also with version 0", () => {
    const v = use("value");
    v.run("Set", value.SetInput, { value: bytes(1), ttl: seconds(9) });
    for (const version of [0n, 2n, 4n]) {
      const update = { value: bytes(2), version, ttl: undefined };
      expect(v.ask("Update", value.UpdateInput, update, value.WriteOutput)).toBe("CONFLICT");
      expect(v.ask("Delete", value.DeleteInput, { version }, value.DeleteOutput)).toBe("CONFLICT");
    }
    expect(get(v)).toEqual({ value: bytes(1), version: 3n });
    v.script.at(9).tick();
    expect(get(v)).toBe("NOT_FOUND");
  });

  test("value: it expires at its deadline, inclusive, and not where the TTL is 0 or absent", () => {
    const v = use("value");
    v.run("Set", value.SetInput, { value: bytes(1), ttl: { seconds: 1n, nanos: 500 } });
    v.script.at(1, 499).tick();
    expect(get(v)).toEqual({ value: bytes(1), version: 3n });
    v.script.at(1, 500).tick();
    expect(get(v)).toBe("NOT_FOUND");
    v.run("Set", value.SetInput, { value: bytes(1), ttl: seconds(0) });
    v.script.at(900).tick();
    expect(get(v)).toEqual({ value: bytes(1), version: 6n });
  });

  test("value: every write has its own TTL, also one of an equal value; the old one's timer is gone", () => {
    const v = use("value");
    v.run("Set", value.SetInput, { value: bytes(1), ttl: seconds(5) });
    v.run("Set", value.SetInput, { value: bytes(1), ttl: seconds(9) });
    v.script.at(8).tick();
    expect(get(v)).toEqual({ value: bytes(1), version: 4n });
    v.run("Delete", value.DeleteInput, {});
    v.run("Set", value.SetInput, { value: bytes(1), ttl: undefined });
    v.script.at(900).tick();
    expect(get(v)).toEqual({ value: bytes(1), version: 7n });
  });

  test.each([
    ["negative", { seconds: -1n, nanos: 0 }],
    ["negative by a nanosecond", { seconds: 0n, nanos: -1 }],
    ["out of range", { seconds: 315_576_000_001n, nanos: 0 }],
  ])("value: a TTL that is %s is INVALID and changes nothing", (_, ttl) => {
    const v = use("value");
    expect(v.ask("Set", value.SetInput, { value: bytes(1), ttl }, value.WriteOutput)).toBe("INVALID");
    expect(get(v)).toBe("NOT_FOUND");
  });

  test("value: a stream shows every change after its start, expiry included, with the old value where it is gone", () => {
    const v = use("value");
    const { Event, Event_Kind: Kind } = value;
    v.run("Set", value.SetInput, { value: bytes(9), ttl: undefined });
    expect(v.run("Events", value.EventsInput, {})).toBe("1:OK open");
    const command = (name: string, number: bigint, input: Uint8Array) =>
      v.told((script) => script.command(1n, 2n, number, name, input), Event);
    expect(command("Set", 10n, payload(value.SetInput, { value: bytes(1), ttl: undefined }))).toEqual([
      { kind: Kind.KIND_UPDATED, value: bytes(1), version: 5n },
    ]);
    expect(command("Delete", 11n, bytes())).toEqual([{ kind: Kind.KIND_DELETED, value: bytes(1), version: 5n }]);
    expect(command("Insert", 12n, payload(value.InsertInput, { value: bytes(2), ttl: seconds(5) }))).toEqual([
      { kind: Kind.KIND_INSERTED, value: bytes(2), version: 7n },
    ]);
    expect(command("Insert", 13n, bytes())).toEqual([]);
    expect(v.told((script) => script.at(5).apply(undefined), Event)).toEqual([
      { kind: Kind.KIND_EXPIRED, value: bytes(2), version: 7n },
    ]);
  });
});

describe("2.4 map", () => {
  const put = (m: Use, key: string, value: Uint8Array, ttl?: number) =>
    m.ask("Put", map.PutInput, { key, value, ttl: ttl === undefined ? undefined : seconds(ttl) }, map.WriteOutput);
  const get = (m: Use, key: string) => m.query("Get", map.GetInput, { key }, map.GetOutput);

  test("map: each key is as a value", () => {
    const m = use("map");
    expect(put(m, "a", bytes(1))).toEqual({ version: 3n });
    expect(m.ask("Insert", map.InsertInput, { key: "a", value: bytes(2), ttl: undefined }, map.WriteOutput)).toBe(
      "ALREADY_EXISTS",
    );
    const update = (key: string, version?: bigint) =>
      m.ask("Update", map.UpdateInput, { key, value: bytes(3), version, ttl: undefined }, map.WriteOutput);
    expect(update("b")).toBe("NOT_FOUND");
    expect(update("a", 4n)).toBe("CONFLICT");
    expect(update("a", 3n)).toEqual({ version: 7n });
    const remove = (key: string, version?: bigint) =>
      m.ask("Remove", map.RemoveInput, { key, version }, map.RemoveOutput);
    expect(remove("b")).toBe("NOT_FOUND");
    expect(remove("a", 3n)).toBe("CONFLICT");
    expect(get(m, "a")).toEqual({ value: bytes(3), version: 7n });
    expect(remove("a", 7n)).toEqual({ value: bytes(3), version: 7n });
    expect(get(m, "a")).toBe("NOT_FOUND");
    expect(m.query("Size", map.SizeInput, {}, map.SizeOutput)).toEqual({ size: 0n });
  });

  test("map: the empty key and those of an object's prototype are keys like others", () => {
    const m = use("map");
    for (const key of ["", "__proto__", "constructor"]) {
      expect(get(m, key)).toBe("NOT_FOUND");
      put(m, key, bytes(1));
    }
    expect(m.query("Size", map.SizeInput, {}, map.SizeOutput)).toEqual({ size: 3n });
  });

  test("map: Clear and Entries go in key order, the order of UTF-8 bytes", () => {
    const m = use("map");
    // In UTF-16 the emoji (D83D DE00) comes before U+FF5E, in UTF-8 after it.
    for (const key of ["\u{1f600}", "b", "～", "a", "ab"]) put(m, key, bytes(1));
    const keys = ["a", "ab", "b", "～", "\u{1f600}"];
    const entries = m.query("Entries", map.EntriesInput, {}, map.EntriesOutput);
    expect(typeof entries === "string" ? entries : entries.entries.map(({ key }) => key)).toEqual(keys);
    m.run("Events", map.EventsInput, {});
    const told = m.told((script) => script.command(1n, 2n, 50n, "Clear"), map.Event);
    expect(told.map((event) => (typeof event === "string" ? event : [event.kind, event.key]))).toEqual(
      keys.map((key) => [map.Event_Kind.KIND_REMOVED, key]),
    );
    expect(m.query("Size", map.SizeInput, {}, map.SizeOutput)).toEqual({ size: 0n });
  });

  test("map: Clear of an empty map is OK and tells nobody; Clear takes the TTLs along", () => {
    const m = use("map");
    m.run("Events", map.EventsInput, {});
    expect(m.run("Clear", map.ClearInput, {})).toBe("1:OK done");
    put(m, "a", bytes(1), 5);
    m.run("Clear", map.ClearInput, {});
    put(m, "a", bytes(2));
    m.script.at(100).tick();
    expect(get(m, "a")).toEqual({ value: bytes(2), version: 7n });
  });

  test("map: a write of an equal value is a write: new version, new TTL, event", () => {
    const m = use("map");
    put(m, "a", bytes(1), 5);
    m.run("Events", map.EventsInput, {});
    const again = m.told(
      (script) =>
        script.command(1n, 2n, 50n, "Put", payload(map.PutInput, { key: "a", value: bytes(1), ttl: seconds(9) })),
      map.Event,
    );
    expect(again).toEqual([{ kind: map.Event_Kind.KIND_UPDATED, key: "a", value: bytes(1), version: 5n }]);
    m.script.at(8).tick();
    expect(get(m, "a")).toEqual({ value: bytes(1), version: 5n });
    expect(m.told((script) => script.at(9).apply(undefined), map.Event)).toEqual([
      { kind: map.Event_Kind.KIND_EXPIRED, key: "a", value: bytes(1), version: 5n },
    ]);
  });

  test("map: a removed key's timer does not outlive it", () => {
    const m = use("map");
    put(m, "a", bytes(1), 5);
    m.run("Remove", map.RemoveInput, { key: "a" });
    put(m, "a", bytes(2));
    m.script.at(5).tick();
    expect(get(m, "a")).toEqual({ value: bytes(2), version: 5n });
  });

  test("map: Events by key hear of that key only, the others of all; key by key, by (session, number)", () => {
    const m = use("map");
    m.run("Events", map.EventsInput, {}); // 1
    m.run("Events", map.EventsInput, { key: "b" }); // 2
    m.run("Events", map.EventsInput, { key: "" }); // 3: the empty key, not all
    put(m, "b", bytes(1));
    put(m, "a", bytes(1));
    expect(say(m.script.command(1n, 2n, 50n, "Clear"))).toBe("1:OK done | 1/1 4:OK | 1/1 5:OK | 1/2 3:OK");
  });
});

describe("2.4 set", () => {
  test("set: Add and Remove answer whether they changed something, and only changes are told", () => {
    const s = use("set");
    s.run("Events", set.EventsInput, {});
    const change = (name: string, number: bigint, element: string) =>
      s.told((script) => script.command(1n, 2n, number, name, payload(set.AddInput, { element })), set.Event);
    expect(change("Add", 10n, "a")).toEqual([{ kind: set.Event_Kind.KIND_ADDED, element: "a" }]);
    expect(change("Add", 11n, "a")).toEqual([]);
    expect(change("Remove", 12n, "b")).toEqual([]);
    expect(change("Remove", 13n, "a")).toEqual([{ kind: set.Event_Kind.KIND_REMOVED, element: "a" }]);
    expect(s.ask("Add", set.AddInput, { element: "c" }, set.ChangeOutput)).toEqual({ changed: true });
    expect(s.ask("Add", set.AddInput, { element: "c" }, set.ChangeOutput)).toEqual({ changed: false });
    expect(s.ask("Remove", set.RemoveInput, { element: "c" }, set.ChangeOutput)).toEqual({ changed: true });
    expect(s.ask("Remove", set.RemoveInput, { element: "c" }, set.ChangeOutput)).toEqual({ changed: false });
  });

  test("set: Clear, Contains, Size, Elements; in key order", () => {
    const s = use("set");
    for (const element of ["\u{1f600}", "b", "～"]) s.run("Add", set.AddInput, { element });
    expect(s.query("Elements", set.ElementsInput, {}, set.ElementsOutput)).toEqual({
      elements: ["b", "～", "\u{1f600}"],
    });
    expect(s.query("Size", set.SizeInput, {}, set.SizeOutput)).toEqual({ size: 3n });
    expect(s.query("Contains", set.ContainsInput, { element: "b" }, set.ContainsOutput)).toEqual({ contains: true });
    expect(s.query("Contains", set.ContainsInput, { element: "a" }, set.ContainsOutput)).toEqual({ contains: false });
    s.run("Events", set.EventsInput, {});
    const told = s.told((script) => script.command(1n, 2n, 50n, "Clear"), set.Event);
    expect(told.map((event) => (typeof event === "string" ? event : event.element))).toEqual(["b", "～", "\u{1f600}"]);
    expect(s.told((script) => script.command(1n, 2n, 51n, "Clear"), set.Event)).toEqual([]);
    expect(s.query("Size", set.SizeInput, {}, set.SizeOutput)).toEqual({ size: 0n });
  });
});

describe("2.4 lock", () => {
  const acquire = (timeout?: number): Uint8Array =>
    payload(lock.AcquireInput, { timeout: timeout === undefined ? undefined : seconds(timeout) });

  /** Sessions 1 to 3 with the lock 4. */
  function three(): Script {
    const script = new Script().at(0);
    for (let i = 0; i < 3; i++) script.open(1000);
    for (const session of [1n, 2n, 3n]) script.create(session, "lock");
    return script;
  }

  const holder = (script: Script) => {
    const answer = script.query(1n, 4n, "Get");
    return typeof answer === "string" ? answer : lock.GetOutput.decode(answer.payload);
  };

  test("lock: a grant is one output with the index of the Acquire's entry as token, then complete", () => {
    const script = three();
    expect(
      replied(script.command(1n, 4n, 1n, "Acquire")).map(({ payload: p }) => lock.AcquireOutput.decode(p)),
    ).toEqual([{ token: 7n }]);
    expect(script.run(2n, 4n, 1n, "Acquire")).toBe("open");
    const { emissions } = script.command(1n, 4n, 2n, "Release");
    expect(emissions).toHaveLength(1);
    expect(lock.AcquireOutput.decode(emissions[0]?.output.operation?.payload ?? bytes())).toEqual({ token: 8n });
    expect(emissions[0]?.complete).toBe(true);
    expect(holder(script)).toEqual({ holder: { sessionId: 2n, token: 8n }, waiters: 0 });
  });

  test("lock: first come, first served", () => {
    const script = three();
    script.run(1n, 4n, 1n, "Acquire");
    script.run(3n, 4n, 1n, "Acquire");
    script.run(2n, 4n, 1n, "Acquire");
    script.run(1n, 4n, 2n, "Acquire");
    expect(holder(script)).toMatchObject({ waiters: 3 });
    expect(script.run(1n, 4n, 3n, "Release")).toBe("1:OK done | 3/1 1:OK done");
    expect(script.run(3n, 4n, 2n, "Release")).toBe("1:OK done | 2/1 1:OK done");
    expect(script.run(2n, 4n, 2n, "Release")).toBe("1:OK done | 1/2 1:OK done");
    expect(script.run(1n, 4n, 4n, "Release")).toBe("1:OK done");
    expect(holder(script)).toEqual({ holder: undefined, waiters: 0 });
  });

  test("lock: Acquire by the holder queues like any other", () => {
    const script = three();
    script.run(1n, 4n, 1n, "Acquire");
    expect(script.run(1n, 4n, 2n, "Acquire")).toBe("open");
    expect(script.run(1n, 4n, 3n, "Acquire", acquire(0))).toBe("1:TIMEOUT done");
    expect(script.run(1n, 4n, 4n, "Release")).toBe("1:OK done | 1/2 1:OK done");
  });

  test("lock: a timeout of 0 tries: TIMEOUT at once, and the holder stays", () => {
    const script = three();
    script.run(1n, 4n, 1n, "Acquire", acquire(0));
    expect(script.run(2n, 4n, 1n, "Acquire", acquire(0))).toBe("1:TIMEOUT done");
    expect(holder(script)).toEqual({ holder: { sessionId: 1n, token: 7n }, waiters: 0 });
  });

  test("lock: a wait that is over answers TIMEOUT at its deadline, inclusive, and is not granted later", () => {
    const script = three();
    script.run(1n, 4n, 1n, "Acquire");
    script.run(2n, 4n, 1n, "Acquire", acquire(5));
    script.run(3n, 4n, 1n, "Acquire");
    expect(script.at(4, 999_999_999).tick()).toBe("tick");
    expect(script.at(5).tick()).toBe("tick | 2/1 1:TIMEOUT done");
    expect(script.run(1n, 4n, 2n, "Release")).toBe("1:OK done | 3/1 1:OK done");
  });

  test("lock: a waiter that was granted does not time out", () => {
    const script = three();
    script.run(1n, 4n, 1n, "Acquire");
    script.run(2n, 4n, 1n, "Acquire", acquire(5));
    script.run(1n, 4n, 2n, "Release");
    expect(script.at(5).tick()).toBe("tick");
    expect(holder(script)).toEqual({ holder: { sessionId: 2n, token: 8n }, waiters: 0 });
  });

  test("lock: Release by another session, of a free lock, or with another token is CONFLICT, and changes nothing", () => {
    const script = three();
    expect(script.run(1n, 4n, 1n, "Release")).toBe("1:CONFLICT done");
    script.run(1n, 4n, 2n, "Acquire"); // token 8
    script.run(2n, 4n, 1n, "Acquire");
    expect(script.run(2n, 4n, 2n, "Release")).toBe("1:CONFLICT done");
    expect(script.run(1n, 4n, 3n, "Release", payload(lock.ReleaseInput, { token: 9n }))).toBe("1:CONFLICT done");
    expect(script.run(1n, 4n, 4n, "Release", payload(lock.ReleaseInput, { token: 0n }))).toBe("1:CONFLICT done");
    expect(holder(script)).toEqual({ holder: { sessionId: 1n, token: 8n }, waiters: 1 });
    expect(script.run(1n, 4n, 5n, "Release", payload(lock.ReleaseInput, { token: 8n }))).toBe(
      "1:OK done | 2/1 1:OK done",
    );
  });

  test("lock: what an old holder does at its end is nothing to the new one", () => {
    const script = three();
    script.run(1n, 4n, 1n, "Acquire");
    script.run(1n, 4n, 2n, "Release");
    script.run(2n, 4n, 1n, "Acquire");
    script.run(3n, 4n, 1n, "Acquire");
    expect(script.closeSession(1n)).toBe("closed");
    expect(script.run(2n, 4n, 2n, "Release")).toBe("1:OK done | 3/1 1:OK done");
  });

  test.each([
    ["negative", { seconds: 0n, nanos: -1 }],
    ["out of range", { seconds: 315_576_000_000n, nanos: 1_000_000_000 }],
  ])("lock: a timeout that is %s is INVALID, also where the lock is free", (_, timeout) => {
    const script = three();
    expect(script.run(1n, 4n, 1n, "Acquire", payload(lock.AcquireInput, { timeout }))).toBe("1:INVALID done");
    expect(holder(script)).toEqual({ holder: undefined, waiters: 0 });
  });
});

describe("2.4 election", () => {
  /** Sessions 1 to 3 with the election 4; names are entered as "a1": candidate a by session 1. */
  class Poll {
    readonly script = new Script().at(0);
    #number = 0n;

    constructor(...entered: string[]) {
      for (let i = 0; i < 3; i++) this.script.open(1000);
      for (const session of [1n, 2n, 3n]) this.script.create(session, "election");
      for (const one of entered) this.act("Enter", one);
    }

    /** "2:a,b" is term 2 with a leading and b the first candidate; "2:" nobody. A status where it is not OK. */
    act(name: string, who: string): string {
      const [candidate, session] = [who.slice(0, -1), BigInt(who.slice(-1))];
      this.#number += 1n;
      const input = payload(election.EnterInput, { candidate });
      const [answer] = replied(this.script.command(session, 4n, this.#number, name, input));
      const term = read(answer, election.Term);
      return typeof term === "string" ? term : sayTerm(term);
    }

    now(): string {
      const answer = this.script.query(3n, 4n, "GetTerm");
      return typeof answer === "string" ? answer : sayTerm(election.Term.decode(answer.payload));
    }
  }

  const sayTerm = ({ term, leader, candidates }: election.Term): string =>
    `${term}:${leader === undefined ? "" : [leader, ...candidates].join(",")}`;

  test("election: the first candidate leads; the others queue", () => {
    const poll = new Poll();
    expect(poll.now()).toBe("0:");
    expect(poll.act("Enter", "a1")).toBe("1:a");
    expect(poll.act("Enter", "b2")).toBe("1:a,b");
    expect(poll.act("Enter", "c3")).toBe("1:a,b,c");
  });

  test("election: entering again keeps the place", () => {
    const poll = new Poll("a1", "b2", "c3");
    expect(poll.act("Enter", "b2")).toBe("1:a,b,c");
    expect(poll.act("Enter", "a1")).toBe("1:a,b,c");
  });

  test("election: a session that takes a name over keeps its place; over the leader's it is a change of leader", () => {
    const poll = new Poll("a1", "b2");
    expect(poll.act("Enter", "b3")).toBe("1:a,b");
    poll.script.closeSession(2n);
    expect(poll.now()).toBe("1:a,b");
    expect(poll.act("Enter", "a3")).toBe("2:a,b");
    poll.script.closeSession(1n);
    expect(poll.now()).toBe("2:a,b");
  });

  test("election: Withdraw gives up one's own; another's is CONFLICT; the term rises with the next leader only", () => {
    const poll = new Poll("a1", "b2");
    expect(poll.act("Withdraw", "a2")).toBe("CONFLICT");
    expect(poll.act("Withdraw", "z1")).toBe("NOT_FOUND");
    expect(poll.act("Withdraw", "a1")).toBe("2:b");
    expect(poll.act("Withdraw", "b2")).toBe("2:");
    expect(poll.act("Enter", "b2")).toBe("3:b");
  });

  test("election: Anoint: the named one leads, the old leader becomes first candidate", () => {
    const poll = new Poll("a1", "b2", "c3");
    expect(poll.act("Anoint", "c1")).toBe("2:c,a,b");
    expect(poll.act("Anoint", "c1")).toBe("2:c,a,b");
    expect(poll.act("Anoint", "z1")).toBe("NOT_FOUND");
  });

  test("election: Promote and Demote: one place, over the leader too; at the ends nothing", () => {
    const poll = new Poll("a1", "b2", "c3");
    expect(poll.act("Promote", "c1")).toBe("1:a,c,b");
    expect(poll.act("Promote", "c1")).toBe("2:c,a,b");
    expect(poll.act("Promote", "c1")).toBe("2:c,a,b");
    expect(poll.act("Demote", "c1")).toBe("3:a,c,b");
    expect(poll.act("Demote", "c1")).toBe("3:a,b,c");
    expect(poll.act("Demote", "c1")).toBe("3:a,b,c");
    expect(poll.act("Promote", "z1")).toBe("NOT_FOUND");
    expect(poll.act("Demote", "z1")).toBe("NOT_FOUND");
  });

  test("election: Evict takes anybody's candidate away", () => {
    const poll = new Poll("a1", "b2", "c3");
    expect(poll.act("Evict", "b1")).toBe("1:a,c");
    expect(poll.act("Evict", "a2")).toBe("2:c");
    expect(poll.act("Evict", "z1")).toBe("NOT_FOUND");
  });

  test("election: a participant lives as long as its session, candidates too", () => {
    const poll = new Poll("a1", "b2", "c3");
    poll.script.closeSession(2n);
    expect(poll.now()).toBe("1:a,c");
    poll.script.closeSession(1n);
    expect(poll.now()).toBe("2:c");
  });

  test("election: closing the service withdraws the session's candidates", () => {
    const poll = new Poll("a1", "b2");
    poll.script.closeService(1n, 4n);
    expect(poll.now()).toBe("2:b");
  });

  test("election: one event for each operation that changes something, a takeover of a candidate's name included", () => {
    const poll = new Poll("a1", "b2");
    poll.script.run(3n, 4n, 1n, "Events");
    const told = (session: bigint, number: bigint, name: string, candidate: string) =>
      poll.script
        .command(session, 4n, number, name, payload(election.EnterInput, { candidate }))
        .emissions.map(({ output }) => sayTerm(election.Term.decode(output.operation?.payload ?? bytes())));
    expect(told(1n, 20n, "Enter", "a")).toEqual([]);
    expect(told(1n, 21n, "Enter", "b")).toEqual(["1:a,b"]);
    expect(told(1n, 22n, "Anoint", "a")).toEqual([]);
    expect(told(1n, 23n, "Demote", "a")).toEqual(["2:b,a"]);
    expect(told(1n, 24n, "Evict", "z")).toEqual([]);
  });
});
