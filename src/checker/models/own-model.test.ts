// A model that is written as functions, inside the judge's model of a partition: answers, what sessions held, timers, and the
// look at an earlier entry.
import { describe, expect, test } from "vitest";
import { UsageError } from "../../base/usage-error.js";
import { Nanos } from "../../base/time.js";
import { Status } from "../../protocol/failure.js";
import type { DataDifference } from "./service.js";
import { Journal } from "./journal.js";
import { answered, defineModel, type ModelDefinition, refused } from "./own-model.js";
import type { ServiceModel, Surroundings } from "./service.js";

/** Hands over one byte; what a session gave is taken back with it, and everything after five nanoseconds. */
interface Shelf {
  readonly things: readonly { readonly byte: number; readonly of: bigint }[];
  readonly until: bigint | null;
}

const shelf: ModelDefinition<Shelf> = {
  empty: { things: [], until: null },
  commands: {
    Put(state, [byte], { session }, { now }) {
      if (byte === undefined) return refused(Status.INVALID);
      return [{ things: [...state.things, { byte, of: session }], until: now + 5n }, answered()];
    },
    Wait: (state, _payload, { session }) => [
      { ...state, things: [...state.things, { byte: 0, of: session }] },
      "waits",
    ],
  },
  queries: { Many: ({ things }) => answered(Uint8Array.of(things.length)) },
  left: (state, session) => ({ ...state, things: state.things.filter(({ of }) => of !== session) }),
  timer: ({ until }) => (until === null ? null : { deadline: until, fire: () => ({ things: [], until: null }) }),
  holders: ({ things }) => things.map(({ of }) => of),
  save: ({ things, until }) =>
    Uint8Array.of(Number(until ?? 0n), ...things.flatMap(({ byte, of }) => [byte, Number(of)])),
  load([until = 0, ...rest]) {
    if (rest.length % 2 === 1) throw new Error("half a thing");
    const things = rest.flatMap((byte, i) => (i % 2 === 0 ? [{ byte, of: BigInt(rest[i + 1] ?? 0) }] : []));
    return { things, until: until === 0 ? null : BigInt(until) };
  },
};

const surroundings = (): Surroundings & { readonly dues: bigint[] } => {
  const dues: bigint[] = [];
  return {
    dues,
    journal: new Journal(),
    now: Nanos(10n),
    index: 1n,
    cause: "command",
    emit: () => undefined,
    due: (deadline) => void dues.push(deadline),
    note: () => undefined,
  };
};

const model = (around: Surroundings): ServiceModel => defineModel(shelf).create(around);
const by = { session: 7n, num: 1n, index: 1n };
const says = (differences: readonly DataDifference[]): string[] => differences.map((each) => each.says);

describe("a model of functions", () => {
  test("answers, changes, and tells when its timer is due", () => {
    const around = surroundings();
    const one = model(around);
    expect(one.command("Put", Uint8Array.of(3), by)).toEqual({
      status: Status.OK,
      payload: new Uint8Array(0),
      open: false,
    });
    expect(one.query("Many", new Uint8Array(0)).payload).toEqual(Uint8Array.of(1));
    expect(around.dues).toEqual([15n]);
    expect(one.nextTimer()?.deadline).toBe(15n);
    one.nextTimer()?.fire();
    expect(one.data()).toEqual(Uint8Array.of(0));
    expect(one.nextTimer()).toBeNull();
  });

  test("a refusal changes nothing, a wait answers nothing, an unknown operation is NOT_SUPPORTED", () => {
    const one = model(surroundings());
    expect(one.command("Put", new Uint8Array(0), by)).toMatchObject({ status: Status.INVALID });
    expect(one.data()).toEqual(Uint8Array.of(0));
    expect(one.command("Wait", new Uint8Array(0), by)).toBe("waits");
    expect(one.command("Many", new Uint8Array(0), by)).toMatchObject({ status: Status.NOT_SUPPORTED });
    expect(one.query("toString", new Uint8Array(0))).toMatchObject({ status: Status.NOT_SUPPORTED });
  });

  test("what a session held goes with it", () => {
    const one = model(surroundings());
    one.command("Put", Uint8Array.of(3), by);
    one.command("Put", Uint8Array.of(4), { ...by, session: 8n });
    one.left(7n);
    expect(one.data()).toEqual(Uint8Array.of(15, 4, 8));
  });

  test("can be looked at as it stood before an entry", () => {
    const around = surroundings();
    const one = model(around);
    around.journal.begin();
    one.command("Put", Uint8Array.of(3), by);
    around.journal.begin();
    one.left(7n);
    expect(around.journal.before(1, () => one.data())).toEqual(Uint8Array.of(15, 3, 7));
    expect(around.journal.before(2, () => one.data())).toEqual(Uint8Array.of(0));
    expect(one.data()).toEqual(Uint8Array.of(15));
  });

  test("says how a saved state differs, and what the state says of itself", () => {
    const one = model(surroundings());
    expect(says(one.differences(Uint8Array.of(0)))).toEqual([]);
    expect(says(one.differences(Uint8Array.of(0, 3, 7)))).toEqual([
      'the service should hold {"things":[],"until":null}, and holds {"things":[{"byte":3,"of":"7"}],"until":null}',
    ]);
    expect(says(one.differences(Uint8Array.of(0, 3)))).toEqual(["what the service saved says nothing"]);
    const { facts } = defineModel(shelf);
    expect(facts(Uint8Array.of(9, 3, 7))).toEqual({ disorder: null, deadlines: [9n], waiting: [], holders: [7n] });
    expect(facts(Uint8Array.of(0, 3))).toBeNull();
  });

  test("that does not load what it saves is refused", () => {
    const lossy = { ...shelf, load: (): Shelf => ({ things: [{ byte: 1, of: 1n }], until: null }) };
    expect(() => defineModel(lossy)).toThrow(UsageError);
  });
});
