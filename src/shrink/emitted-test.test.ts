// Emitted tests: they ask for the claim that they are named after, and name the machine from where they stand.
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Judgement, PropertyResult, Witness } from "../checker/verdict.js";
import { scenarioFrom } from "../explore/scenarios.js";
import { draw } from "../sim/scenario.js";
import { type Emitted, emittedTest, FOUND_BY } from "./emitted-test.js";
import { shownBy } from "./target.js";

const plan = draw(scenarioFrom("default"), 0n);
const listed = witness("state/bounded", "number 3 of session 1 is listed");
const apart = witness("replica/same-state", "replicas 1 and 2 have other states at index 4");

function witness(property: string, says: string): Witness {
  return { property, lines: [2], says, entry: "keep_alive", expected: "a", got: "b" };
}

type Given = Partial<Pick<Emitted, "accused" | "shown" | "file">>;

function text(parts: Given): string {
  return emittedTest({ ...head(parts), log: [{ at: "0s", tick: true }] });
}

/** The same as a plan. */
function planText(parts: Given): string {
  return emittedTest(head(parts));
}

function head(parts: Given): Emitted {
  const accused = { fsm: "reference", bug: null };
  return { accused, shown: { told: listed, first: listed }, from: "seed 61", version: "1.0.0", plan, ...parts };
}

test("a claim that breaks first is the only one that is asked for", () => {
  expect(text({})).toContain('  expect(first?.says ?? "every claim holds").toBe("every claim holds");');
  expect(text({})).not.toContain("properties");
});

test("a claim that breaks after another is asked for first, and the head names the other", () => {
  const shown = { told: listed, first: apart };
  for (const emitted of [text({ shown }), planText({ shown })]) {
    expect(emitted).toContain("// What was seen: number 3 of session 1 is listed\n");
    expect(emitted).toContain(
      "// Before that, replica/same-state breaks: replicas 1 and 2 have other states at index 4\n",
    );
    expect(emitted).toContain('property === "state/bounded"');
    expect(emitted).toContain("own?.witnesses[0] ?? first");
  }
});

test("what a test meets is the first witness of its own claim", () => {
  const later = witness("state/bounded", "number 4 of session 1 is listed");
  expect(shownBy(judgement(apart, [apart], [listed, later]), later)).toEqual({ told: listed, first: apart });
  expect(shownBy(judgement(listed, [], [listed, later]), later)).toEqual({ told: listed, first: listed });
});

function judgement(first: Witness, same: readonly Witness[], bounded: readonly Witness[]): Judgement {
  const result = (property: string, witnesses: readonly Witness[]): PropertyResult => ({
    ...{ property, verdict: "broken", judged: 1, broken: witnesses.length, undecided: 0, notJudged: 0, witnesses },
  });
  return { properties: [result("replica/same-state", same), result("state/bounded", bounded)], first, reached: {} };
}

test.each([
  ["./my-fsm.ts", "small.test.ts", '"./my-fsm.ts", import.meta.url'],
  ["my-fsm.ts", "tests/found/small.test.ts", '"../../my-fsm.ts", import.meta.url'],
  [join(process.cwd(), "machines/my-fsm.ts"), "tests/small.test.ts", '"../machines/my-fsm.ts", import.meta.url'],
  ["exec:python3 main.py", "small.test.ts", '"exec:python3 main.py", import.meta.url'],
  ["exec:python3 main.py", "tests/small.test.ts", '"exec:python3 main.py", new URL("../", import.meta.url)'],
])("--fsm %s in %s is contestantFrom(%s)", (fsm, file, called) => {
  expect(text({ accused: { fsm, bug: null }, file })).toContain(`await contestantFrom(${called});`);
});

test("a machine that was given as a value is an import to fill in, for a log and for a plan", () => {
  for (const emitted of [
    text({ accused: { fsm: null, bug: null } }),
    planText({ accused: { fsm: null, bug: null } }),
  ]) {
    expect(emitted).toContain('import it from there.\nimport { machine } from "./machine.js";\n');
    expect(emitted).not.toContain("contestantFrom");
  }
});

test("every text begins as ours", () => {
  expect(text({}).startsWith(FOUND_BY)).toBe(true);
});
