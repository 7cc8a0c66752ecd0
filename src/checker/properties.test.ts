// Every property, on a trace written by hand that keeps it and on one that breaks it; and the lines that the witness names.
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.js";
import { withSameSeed } from "./judge.js";
import { output } from "./tape.laws.js";
import { begun, increment, number, OK, testEach, with_ } from "./runs.laws.js";
import { clientCases } from "./client-cases.laws.js";
import { machineCases } from "./machine-cases.laws.js";

const cases = { ...machineCases, ...clientCases };

testEach(cases);

test("every property has a trace that keeps it and one that breaks it", () => {
  const twice = ["determinism/same-seed"];
  const alike = ["value", "map", "set", "lock", "election"].map((kind) => `linearizable/${kind}`);
  const names = catalogue.map((property) => property.name);
  expect(names.filter((name) => !(name in cases) && !twice.includes(name) && !alike.includes(name))).toEqual([]);
});

test("determinism/same-seed is judged by whoever plays twice", () => {
  const judgement = begun().judge();
  const same = withSameSeed(judgement, { times: 2, differs: null });
  expect(same.properties.at(-1)).toMatchObject({ property: "determinism/same-seed", verdict: "holds", judged: 2 });
  const other = withSameSeed(judgement, { times: 1, differs: { line: 4, says: "line 4 differs" } });
  expect(other.properties.at(-1)).toMatchObject({ verdict: "broken", broken: 1 });
  expect(other.first?.lines).toEqual([4]);
});

test("a machine that keeps its snapshots to itself is judged by the rest, and it is said so", () => {
  const tape = begun("counter", 2, "opaque").observe(1, new Uint8Array([1, 2, 3]));
  expect(tape.verdict("time/never-goes-back")).toMatchObject({
    verdict: "not-judged",
    notJudged: 1,
    reason: "the machine's snapshots are opaque",
  });
  expect(tape.verdict("service/as-modelled").verdict).toBe("holds");
  expect(tape.judge().first).toBeNull();
});

test("a property that was not asked for is not judged, and breaks nothing", () => {
  const tape = with_(begun(), (t) => t.entry(100n, increment(1n), t.answers.outputs(true, output(1n, OK, number(7n)))));
  const judgement = tape.judge({ properties: ["lock/fifo"] });
  expect(judgement.first).toBeNull();
  expect(judgement.properties.find((each) => each.property === "service/as-modelled")).toMatchObject({
    verdict: "not-judged",
    reason: "not asked for",
  });
});

test("a run without a liveness phase says so", () => {
  const tape = begun().line({ e: "phase", phase: "end" });
  expect(tape.verdict("liveness/progress").reason).toBe("the run had no liveness phase");
});
