// What the properties draw: scenarios of every shape, small enough that a run takes milliseconds. Users import it for machines
// of their own, from "multiraft-sim/fast-check". Making a failing run small is not left to fast-check: see every-run-holds.ts.
import fc from "fast-check";
import { OPERATIONS } from "../src/protocol/operations.js";
import { defineScenario, type Scenario, scenarioFrom } from "../src/index.js";

const shipped = scenarioFrom("default");

/** Seeds of a machine word. */
export function seeds(): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
}

/** Which faults are on: each of the shipped scenario's with some chance, or off. */
export function faults(): fc.Arbitrary<Scenario["faults"]> {
  const chances = Object.keys(shipped.faults)
    .filter((name) => name !== "quorum-loss")
    .map((name) => [name, fc.constantFrom(0, 0, 300, 1000).map((chance) => ({ chance }))] as const);
  return fc.record(Object.fromEntries(chances));
}

/** Which services take part: at least one. */
export function services(): fc.Arbitrary<readonly string[]> {
  return fc.subarray([...shipped.services], { minLength: 1 });
}

/** How often each operation is asked for, among the others on its service: as the workload weighs it, never, or up to 40. */
export function workloads(): fc.Arbitrary<Scenario["workload"]> {
  const names = Object.entries(OPERATIONS).flatMap(([kind, operations]) =>
    Object.keys(operations).map((operation) => `${kind}:${operation}`),
  );
  const weight = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }));
  return fc.dictionary(fc.constantFrom(...names), weight, { maxKeys: 12, noNullPrototype: true });
}

/** Whole scenarios, a few seconds of virtual time each. */
export function scenarios(): fc.Arbitrary<Scenario> {
  return fc
    .record({
      services: services(),
      faults: faults(),
      workload: fc.oneof(fc.constant<Scenario["workload"]>({}), workloads()),
      partitions: fc.integer({ min: 1, max: 3 }),
      replicas: fc.integer({ min: 3, max: 5 }),
      clients: fc.integer({ min: 1, max: 4 }),
      seconds: fc.integer({ min: 2, max: 8 }),
      operations: fc.integer({ min: 1, max: 40 }),
      even: fc.constantFrom(0, 500, 1000),
    })
    .map((drawn) =>
      defineScenario({
        name: "drawn",
        about: "Drawn by fast-check.",
        services: drawn.services,
        topology: {
          partitions: [drawn.partitions],
          replicas: [drawn.replicas],
          clients: [drawn.clients, drawn.clients],
          servicesOfAKind: [1, 2],
        },
        length: {
          seconds: [drawn.seconds, drawn.seconds],
          operations: [drawn.operations, drawn.operations],
          entries: 20,
          rounds: 1,
        },
        sessions: { timeout: [1000, 4000], even: drawn.even },
        workload: drawn.workload,
        faults: drawn.faults,
        observe: { perMille: [20, 100], saves: [0, 50] },
      }),
    );
}
