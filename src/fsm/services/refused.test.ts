// SPEC 2.5: what each kind of service refuses of a saved state that nobody saved, and that streams which were given up, or
// opened out of order, leave a state that can be restored.
import { describe, expect, test } from "vitest";
import { PartitionSnapshot } from "../../proto/atomix/multiraft/v1/fsm.js";
import { ElectionState, EnterInput } from "../../proto/multiraft_sim/election/v1/election.js";
import { LockState } from "../../proto/multiraft_sim/lock/v1/lock.js";
import { MapState, PutInput } from "../../proto/multiraft_sim/map/v1/map.js";
import { AddInput, SetState } from "../../proto/multiraft_sim/set/v1/set.js";
import { ValueState } from "../../proto/multiraft_sim/value/v1/value.js";
import { open, seal } from "../../protocol/snapshot-envelope.js";
import { payload, Script } from "../script.laws.js";

interface StateCodec<State> {
  encode(state: State): { finish(): Uint8Array };
  decode(bytes: Uint8Array): State;
}

/** Session 1 with one service, 2, and two streams of it: the numbers 1 and 2. */
function streaming(kind: string): Script {
  const script = new Script().at(0);
  script.open(1000);
  script.create(1n, kind);
  script.run(1n, 2n, 1n, "Events");
  script.run(1n, 2n, 2n, "Events");
  return script;
}

/** The script's snapshot with its one service's state changed. */
function changed<State>(script: Script, codec: StateCodec<State>, change: (state: State) => void): Uint8Array {
  const opened = open(script.snapshot());
  if (opened.kind === "refused") throw new Error(opened.message);
  const saved = PartitionSnapshot.decode(opened.payload);
  for (const service of saved.services) {
    const state = codec.decode(service.data);
    change(state);
    service.data = codec.encode(state).finish();
  }
  return seal(PartitionSnapshot.encode(saved).finish());
}

const refused = (bytes: Uint8Array): string => {
  const result = new Script().restore(bytes);
  return result.kind === "refused" ? result.message : "restored";
};

interface Saved {
  listeners: { sessionId: bigint; sequenceNum: bigint; key?: string | undefined }[];
}

describe.each([
  ["map", MapState as unknown as StateCodec<Saved>, true],
  ["set", SetState as unknown as StateCodec<Saved>, false],
  ["value", ValueState as unknown as StateCodec<Saved>, false],
  ["election", ElectionState as unknown as StateCodec<Saved>, false],
])("2.5 the streams of a %s", (kind, codec, keyed) => {
  test("2.5: stand in the order of their numbers, whatever order they were opened in", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.create(1n, kind);
    for (const number of [5n, 2n, 9n, 3n]) script.run(1n, 2n, number, "Events");
    const numbers: bigint[] = [];
    const same = changed(script, codec, ({ listeners }) => numbers.push(...listeners.map((one) => one.sequenceNum)));
    expect(numbers).toEqual([2n, 3n, 5n, 9n]);
    expect(refused(same)).toBe("restored");
  });

  test("2.5: are refused in another order", () => {
    expect(refused(changed(streaming(kind), codec, () => {}))).toBe("restored");
    expect(refused(changed(streaming(kind), codec, ({ listeners }) => listeners.reverse()))).toBe(
      "listeners are out of order",
    );
  });

  test("2.5: listen to one key only where there are keys", () => {
    const bytes = changed(streaming(kind), codec, ({ listeners }) => {
      for (const one of listeners) one.key = "k";
    });
    expect(refused(bytes)).toMatch(keyed ? /^restored$/ : /has no keys to listen to$/);
  });

  test("2.5: are gone from the state once they are given up", () => {
    const script = streaming(kind);
    expect(script.keepAlive(1n, 2n, [2n])).toBe("kept");
    const numbers: bigint[] = [];
    const same = changed(script, codec, ({ listeners }) => numbers.push(...listeners.map((one) => one.sequenceNum)));
    expect(numbers).toEqual([2n]);
    expect(refused(same)).toBe("restored");
  });
});

describe("2.5 what else a saved service may not say", () => {
  test.each([
    ["out of order", ["b", "a"]],
    ["twice the same", ["a", "a"]],
  ])("2.5: a set's elements are refused %s", (_, elements) => {
    const script = streaming("set");
    script.run(1n, 2n, 3n, "Add", payload(AddInput, { element: "a" }));
    const bytes = changed(script, SetState, (state) => {
      state.elements = elements;
    });
    expect(refused(bytes)).toBe("a set's elements are out of order");
  });

  test("2.5: an election's name may not stand twice", () => {
    const script = streaming("election");
    script.run(1n, 2n, 3n, "Enter", payload(EnterInput, { candidate: "x" }));
    const bytes = changed(script, ElectionState, ({ participants }) => participants.push(...participants));
    expect(refused(bytes)).toBe("an election has a name twice");
  });

  test("2.5: two waiters of a lock don't have one token", () => {
    const script = new Script().at(0);
    script.open(1000);
    script.create(1n, "lock");
    for (const number of [1n, 2n, 3n]) script.run(1n, 2n, number, "Acquire");
    expect(refused(changed(script, LockState, () => {}))).toBe("restored");
    const bytes = changed(script, LockState, ({ waiters }) => {
      for (const waiter of waiters) waiter.token = 4n;
    });
    expect(refused(bytes)).toBe("a lock's waiters are out of order");
  });

  test("2.5: fields in another order than the canonical one, as many bytes as it takes, are refused", () => {
    const script = streaming("map");
    script.run(1n, 2n, 3n, "Put", payload(PutInput, { key: "k", value: Uint8Array.of(1), ttl: undefined }));
    const twisted: StateCodec<MapState> = {
      decode: (bytes) => MapState.decode(bytes),
      encode: (state) => ({
        finish: () =>
          Uint8Array.of(
            ...MapState.encode({ ...state, entries: [] }).finish(),
            ...MapState.encode({ ...state, listeners: [] }).finish(),
          ),
      }),
    };
    expect(refused(changed(script, twisted, () => {}))).toBe("a service's data is not in its canonical encoding");
  });
});
