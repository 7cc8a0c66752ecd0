// Properties of a user's own in the judge: what they see, how they are counted and shown, and what is refused.
import { describe, expect, test } from "vitest";
import { UsageError } from "../base/usage-error.js";
import { UnfitError } from "../protocol/machine-errors.js";
import { loadTrace } from "../trace/file.js";
import { createJudge } from "./judge.js";
import { defineProperty, type OwnProperty, type PropertyDefinition, type StateReading } from "./own-property.js";
import type { Judgement, PropertyResult } from "./verdict.js";

const trace = loadTrace(new URL("../../traces/golden/locks-across-a-restore.jsonl", import.meta.url).pathname);
const claim = "Something holds.";

function judged(ownProperties: readonly OwnProperty[], properties?: readonly string[]): Judgement {
  const judge = createJudge(trace.header, { ownProperties, ...(properties && { properties }), search: "never" });
  for (const line of trace.events) judge.see(line);
  return judge.finish();
}

const resultOf = ({ properties }: Judgement, name: string): PropertyResult | undefined =>
  properties.find(({ property }) => property === name);

describe("a property of one's own", () => {
  test("sees every line with its number in the trace, and the end of the run", () => {
    const seen: number[] = [];
    let ends = 0;
    const watch: PropertyDefinition["watch"] = ({ judged: count }) => ({
      line(line, at) {
        expect(trace.events[at - 2]).toBe(line);
        seen.push(at);
        count();
      },
      end: () => void ends++,
    });
    const judgement = judged([defineProperty({ name: "test/lines", claim, watch })]);
    expect(seen).toEqual(trace.events.map((_, i) => i + 2));
    expect(ends).toBe(1);
    const result = resultOf(judgement, "test/lines");
    expect(result).toMatchObject({ verdict: "holds", judged: trace.events.length, broken: 0 });
    expect(judgement.properties.at(-1)).toBe(result);
  });

  test("sees the states that replicas show, with sessions and services", () => {
    const readings: StateReading[] = [];
    const watch: PropertyDefinition["watch"] = () => ({ state: (reading) => void readings.push(reading) });
    judged([defineProperty({ name: "test/states", claim, watch })]);
    const shown = trace.events.filter(({ e }) => e === "observe" || e === "save");
    expect(readings.map(({ line }) => line)).toEqual(shown);
    const last = readings.at(-1);
    const [lock] = last?.services("lock") ?? [];
    expect(lock?.kind).toBe("lock");
    for (const session of lock?.sessions ?? []) expect(last?.sessions.has(session)).toBe(true);
    expect(last?.services("no such kind")).toEqual([]);
  });

  test("that breaks names the line at hand last, and is the first of that line", () => {
    const watch: PropertyDefinition["watch"] = ({ breaks }) => ({
      line(line, at) {
        if (line.e === "commit" && line.index === 3n) breaks({ says: "three", lines: [2], got: "a third entry" });
        expect(at).toBeGreaterThan(1);
      },
    });
    const { first } = judged([defineProperty({ name: "test/third", claim, watch })]);
    const at = trace.events.findIndex((line) => line.e === "commit" && line.index === 3n) + 2;
    expect(first).toEqual({
      property: "test/third",
      lines: [2, at],
      says: "three",
      entry: "commit",
      expected: "the claim",
      got: "a third entry",
    });
  });

  test("is not judged where it is not asked for, or the machine has none of what it needs", () => {
    const watch: PropertyDefinition["watch"] = () => {
      throw new Error("nobody asked");
    };
    const property = defineProperty({ name: "test/asked", claim, watch });
    expect(resultOf(judged([property], ["lock/fifo"]), "test/asked")?.reason).toBe("not asked for");
    const needy = defineProperty({ name: "test/needy", claim, needs: ["rocket"], watch });
    expect(resultOf(judged([needy]), "test/needy")).toMatchObject({
      verdict: "not-judged",
      reason: "the machine has no rocket",
    });
  });

  test("can be the only one that is judged", () => {
    const watch: PropertyDefinition["watch"] = ({ judged: count }) => ({ line: () => count() });
    const judgement = judged([defineProperty({ name: "test/only", claim, watch })], ["test/only"]);
    expect(judgement.properties.filter((each) => each.judged > 0).map(({ property }) => property)).toEqual([
      "test/only",
    ]);
  });

  test("that throws is named: the machine is not to blame, nor is the judge", () => {
    const watch: PropertyDefinition["watch"] = () => ({
      line() {
        throw new TypeError("oh");
      },
    });
    const run = (): unknown => judged([defineProperty({ name: "test/throws", claim, watch })]);
    expect(run).toThrow(UnfitError);
    expect(run).toThrow("the property test/throws threw at line 2 of the run: TypeError: oh");
  });

  test.each([
    ["test", claim, 'the property\'s name "test"'],
    ["lock/fifo", claim, "there is a property lock/fifo already"],
    ["test/mute", "", "claims nothing"],
  ])("%s is refused, and what is wrong is said", (name, said, complaint) => {
    const define = (): unknown => defineProperty({ name, claim: said, watch: () => ({}) });
    expect(define).toThrow(UsageError);
    expect(define).toThrow(complaint);
  });
});
