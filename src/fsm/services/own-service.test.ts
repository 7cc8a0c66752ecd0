// A service of a user's own: what it need not say, and that whatever its load throws refuses the snapshot.
import { expect, test } from "vitest";
import { plain } from "../../protocol/codec.js";
import { payload, Script } from "../script.laws.js";
import { createMachine, referenceParts } from "../session-machine.js";
import { PutInput } from "../../proto/multiraft_sim/map/v1/map.js";
import { type PartDefinition, servicePart } from "./own-service.js";
import { done, operation } from "./service.js";

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

function machineWith(definition: PartDefinition<{ value: number }>): Script {
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
        (_self, _at, { value }) => done(Uint8Array.of(value)),
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
