// The hints of the services' models are sound: on random small histories, answers drawn from all that could be said, every way of
// checking agrees with the plain search, which uses no hint.
import { describe, expect, test } from "vitest";
import type { Operation } from "../history.js";
import type { Model } from "../model.js";
import { compare } from "../oracle/compare.js";
import { Draws } from "../oracle/generate.js";
import { counterService } from "./counter-service.js";
import type { CounterServiceInput, CounterServiceOutput } from "./counter-service.js";
import { electionService } from "./election-service.js";
import type { ElectionInput, ElectionOutput } from "./election-service.js";
import { lockService } from "./lock-service.js";
import type { LockInput, LockOutput } from "./lock-service.js";
import { mapService } from "./map-service.js";
import type { MapServiceInput, MapServiceOutput } from "./map-service.js";
import { setService } from "./set-service.js";
import type { SetInput, SetOutput } from "./set-service.js";
import { valueService } from "./value-service.js";
import type { ValueServiceInput, ValueServiceOutput } from "./value-service.js";

const HISTORIES = Number(process.env["FUZZ_HISTORIES"] ?? 4400) / 6;

type Draw<T> = (draws: Draws) => T;

function agrees<State, Input, Output>(
  modelFor: (history: readonly Operation<Input, Output>[]) => Model<State, Input, Output>,
  input: Draw<Input>,
  output: (draws: Draws, input: Input) => Output,
): void {
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const draws = new Draws(seed);
    const history = draw(draws, input, output);
    const difference = compare(modelFor(history), history, undefined);
    expect(difference, `seed ${seed}`).toBeNull();
  }
}

// One to six operations of three clients; intervals overlap as they fall.
function draw<Input, Output>(
  draws: Draws,
  input: Draw<Input>,
  output: (draws: Draws, input: Input) => Output,
): Operation<Input, Output>[] {
  const free = [0, 0, 0];
  return Array.from({ length: 1 + draws.below(6) }, () => {
    const process = draws.below(3);
    const call = (free[process] as number) + draws.below(4);
    const end = call + 1 + draws.below(6);
    free[process] = end + 1;
    const asked = input(draws);
    const outcome = draws.chance(20) ? "unknown" : "ok";
    const known = outcome === "ok" && !draws.chance(10);
    return { process, input: asked, outcome, call, return: end, ...(known ? { output: output(draws, asked) } : {}) };
  });
}

const ok = { status: "OK" } as const;

describe("hints of the services' models", () => {
  test("counter", () => {
    agrees<bigint, CounterServiceInput, CounterServiceOutput>(
      () => counterService,
      (draws) =>
        draws.pick<CounterServiceInput>([
          { f: "Get" },
          { f: "Set", value: draws.below(3) },
          { f: "CompareAndSet", expect: draws.below(3), update: draws.below(3) },
          { f: "Increment" },
          { f: "Decrement", delta: 1 },
        ]),
      (draws, { f }) =>
        f === "CompareAndSet" && draws.chance(40)
          ? { status: "CONFLICT" }
          : draws.chance(30)
            ? ok
            : { ...ok, value: draws.below(3) },
    );
  });

  test("value", () => {
    agrees<unknown, ValueServiceInput, ValueServiceOutput>(
      () => valueService as Model<unknown, ValueServiceInput, ValueServiceOutput>,
      valueInput,
      (draws, { f }) => valueOutput(draws, f),
    );
  });

  test("map", () => {
    agrees<unknown, MapServiceInput, MapServiceOutput>(
      (history) => mapService(history) as Model<unknown, MapServiceInput, MapServiceOutput>,
      (draws) => {
        const key = draws.pick(["x", "y"]);
        if (draws.chance(25)) return { f: draws.pick(["Clear", "Size", "Entries"] as const) };
        const one = valueInput(draws);
        switch (one.f) {
          case "Set":
            return { ...one, f: "Put", key };
          case "Delete":
            return { ...one, f: "Remove", key };
          case "Insert":
            return { ...one, f: "Insert", key };
          default:
            return { ...one, key };
        }
      },
      (draws, { f }) => {
        if (f === "Size") return { ...ok, size: draws.below(3) };
        if (f === "Entries") return { ...ok, entries: draws.pick([[], [{ key: "x", value: 0 }]]) };
        return f === "Clear" ? ok : valueOutput(draws, f);
      },
    );
  });

  test("set", () => {
    agrees<ReadonlySet<string>, SetInput, SetOutput>(
      setService,
      (draws) =>
        draws.chance(25)
          ? { f: draws.pick(["Clear", "Size", "Elements"] as const) }
          : { f: draws.pick(["Add", "Remove", "Contains"] as const), element: draws.pick(["x", "y"]) },
      (draws, { f }) => {
        if (f === "Contains") return { contains: draws.chance(50) };
        if (f === "Size") return { size: draws.below(3) };
        if (f === "Elements") return { elements: draws.pick([[], ["x"], ["x", "y"]]) };
        return f === "Clear" || draws.chance(20) ? {} : { changed: draws.chance(60) };
      },
    );
  });

  test("lock", () => {
    agrees<unknown, LockInput, LockOutput>(
      () => lockService as Model<unknown, LockInput, LockOutput>,
      (draws) => {
        const session = 1 + draws.below(2);
        return draws.pick<LockInput>([
          { f: "Acquire", session },
          { f: "Acquire", session },
          { f: "Release", session },
          { f: "Release", session, token: draws.below(4) },
          { f: "End", session },
          { f: "Get" },
        ]);
      },
      (draws, { f }) => {
        if (f === "Acquire") return draws.chance(20) ? { status: "TIMEOUT" } : { ...ok, token: 1 + draws.below(3) };
        if (f === "Release") return draws.chance(30) ? { status: "CONFLICT" } : ok;
        return f === "End"
          ? ok
          : draws.pick([
              { ...ok, session: null },
              { ...ok, session: 1 + draws.below(2), token: 1 },
            ]);
      },
    );
  });

  test("election", () => {
    agrees<unknown, ElectionInput, ElectionOutput>(
      () => electionService as Model<unknown, ElectionInput, ElectionOutput>,
      (draws) => {
        const session = 1 + draws.below(2);
        if (draws.chance(15)) return { f: "GetTerm" };
        if (draws.chance(10)) return { f: "End", session };
        const f = draws.pick(["Enter", "Enter", "Withdraw", "Anoint", "Promote", "Demote", "Evict"] as const);
        return { f, session, candidate: draws.pick(["a", "b"]) };
      },
      (draws, { f }) => {
        if (f !== "Enter" && f !== "GetTerm" && draws.chance(40))
          return { status: draws.pick(["NOT_FOUND", "CONFLICT"]) };
        return draws.chance(40) ? ok : { ...ok, term: draws.below(3) };
      },
    );
  });
});

function valueInput(draws: Draws): ValueServiceInput {
  const value = draws.below(2);
  const ttl = draws.chance(25);
  return draws.pick<ValueServiceInput>([
    { f: "Get" },
    { f: "Get" },
    { f: "Set", value, ttl },
    { f: "Insert", value, ttl },
    { f: "Update", value, ttl },
    { f: "Update", value, version: draws.below(3), ttl },
    { f: "Delete" },
    { f: "Delete", version: draws.below(3) },
  ]);
}

function valueOutput(draws: Draws, f: string): ValueServiceOutput {
  if (f === "Get") return draws.chance(40) ? { status: "NOT_FOUND" } : { ...ok, value: draws.below(2) };
  if (f === "Insert" && draws.chance(30)) return { status: "ALREADY_EXISTS" };
  if (f !== "Set" && f !== "Insert" && draws.chance(40)) return { status: draws.pick(["NOT_FOUND", "CONFLICT"]) };
  return draws.chance(50) ? ok : { ...ok, version: draws.below(3) };
}
