// A service of a user's own: what it need not say, and that whatever its load throws refuses the snapshot.
import { describe, expect, test } from "vitest";
import { plain } from "../../protocol/codec.js";
import { CommandNum, SessionId } from "../../protocol/words.js";
import { accepted } from "../answers.js";
import { payload, Script } from "../script.laws.js";
import { createMachine, referenceParts } from "../session-machine.js";
import { PutInput } from "../../proto/multiraft_sim/map/v1/map.js";
import { type PartDefinition, servicePart } from "./own-service.js";
import { done, operation, WAITING } from "./service.js";

/** One byte, which is written and read as it is; 13 brings it bad luck. */
const byte: PartDefinition<{ value: number }> = {
  empty: () => ({ value: 0 }),
  save: ({ value }) => Uint8Array.of(value),
  load(data, loading) {
    loading.check(data.length === 1, "a byte is one byte");
    const [value = 0] = data;
    if (value === 13) throw new RangeError("13 is no byte of ours");
    return { value };
  },
  commands: {
    Write: operation(
      plain((bytes) => bytes[0] ?? 0),
      (_self, _at, state: { value: number }, _call, value) => {
        state.value = value;
        return done(Uint8Array.of(value));
      },
    ),
  },
};

/** Session 1 with the service 2 open, of 10 seconds. */
function machineWith<State>(definition: PartDefinition<State>): Script {
  const registry = new Map([...referenceParts.registry, ["byte", servicePart("byte", definition)] as const]);
  const script = new Script(createMachine({ ...referenceParts, registry })).at(0);
  script.open(10);
  script.create(1n, "byte");
  return script;
}

test("what it does not say is nothing: no queries, nobody waits, nothing is held, no timers", () => {
  const script = machineWith(byte);
  expect(script.run(1n, 2n, 1n, "Write", Uint8Array.of(7))).toBe("1:OK done");
  expect(script.asked(1n, 2n, "Read")).toBe("NOT_SUPPORTED");
  expect(script.closeService(1n, 2n)).toBe("closed service");
  expect(script.at(10).tick()).toBe("tick");
});

test("what it says is asked for: queries by their names", () => {
  const script = machineWith({
    ...byte,
    queries: {
      Read: operation(
        plain((bytes) => bytes.length),
        (_self, _at, { value }: { value: number }) => done(Uint8Array.of(value)),
      ),
    },
  });
  script.run(1n, 2n, 1n, "Write", Uint8Array.of(7));
  expect(script.query(1n, 2n, "Read")).toMatchObject({ payload: Uint8Array.of(7) });
});

test("its state is saved and restored; what its load refuses or throws, refuses the snapshot in its words", () => {
  const script = machineWith(byte);
  script.run(1n, 2n, 1n, "Write", Uint8Array.of(7));
  const other = machineWith(byte);
  expect(other.restore(script.snapshot())).toEqual({ kind: "restored" });
  expect(other.snapshot()).toEqual(script.snapshot());

  script.run(1n, 2n, 2n, "Write", Uint8Array.of(13));
  expect(other.restore(script.snapshot())).toEqual({ kind: "refused", message: "13 is no byte of ours" });
  const strict = machineWith({
    ...byte,
    save: () => payload(PutInput, { key: "", value: new Uint8Array(0), ttl: undefined }),
  });
  expect(other.restore(strict.snapshot())).toEqual({ kind: "refused", message: "a byte is one byte" });
});

describe("what the machine does for a service, and ours never need", () => {
  const NONE = new Uint8Array(0);
  const nothing = plain((bytes) => bytes.length);
  /** The numbers of the commands that were ended from outside, and 0 for a session that left. */
  const witness: PartDefinition<number[]> = {
    empty: () => [],
    save: (seen) => Uint8Array.from(seen),
    load: (data) => [...data],
    cancel: (_at, seen, { number }) => void seen.push(Number(number)),
    leave: (_at, seen) => void seen.push(0),
    due: (at, _seen, { session, command }) => at.tell({ session, number: command }, accepted(NONE), true),
    commands: {
      Wait: operation(nothing, () => WAITING),
      // A timer that is due when it is set.
      AtOnce: operation(nothing, (_self, at, _seen, call) => {
        at.setTimer(at.now, call);
        return WAITING;
      }),
      TellNobody: operation(nothing, (_self, at, _seen, { session }) => {
        at.tell({ session: SessionId(99n), number: CommandNum(1n) }, accepted(NONE), true);
        at.tell({ session, number: CommandNum(99n) }, accepted(NONE), true);
        return done();
      }),
    },
    queries: { Seen: operation(nothing, (_self, _at, seen) => done(Uint8Array.from(seen))) },
  };
  const seenBy = (script: Script, session: bigint): number[] => {
    const answer = script.query(session, 2n, "Seen");
    return typeof answer === "string" ? [-1] : [...answer.payload];
  };

  test("an answer by a timer that is due at once stands in the reply", () => {
    const script = machineWith(witness);
    expect(script.run(1n, 2n, 1n, "AtOnce")).toBe("1:OK done");
  });

  test("an output for a command or a session that is not there goes nowhere", () => {
    const script = machineWith(witness);
    expect(script.run(1n, 2n, 1n, "TellNobody")).toBe("1:OK done");
  });

  test("a session that ends cancels what is open by number, then leaves", () => {
    const script = machineWith(witness);
    const other = script.open(10);
    script.create(other, "byte");
    for (const number of [12n, 3n, 1n]) expect(script.run(1n, 2n, number, "Wait")).toBe("open");
    script.closeSession(1n);
    expect(seenBy(script, other)).toEqual([1, 3, 12, 0]);
  });

  test("a session that closes what it has not open does not leave it", () => {
    const script = machineWith(witness);
    const other = script.open(10);
    expect(script.closeService(other, 2n)).toBe("closed service");
    expect(seenBy(script, 1n)).toEqual([]);
  });
});
