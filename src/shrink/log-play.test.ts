// Logs that are written by hand: the real machine passes them, a machine with a defect does not, and the claim is named.
import { describe, expect, test } from "vitest";
import { commands } from "../fsm/commands.js";
import { reference } from "../fsm/reference.js";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import type { MachineKind } from "../protocol/machine.js";
import { draftOf, logOf } from "./log-of-trace.js";
import { judgeLog } from "./log-play.js";
import type { LogStep } from "./log-steps.js";

const forgetful: MachineKind = {
  ...reference,
  name: "forgetful",
  create: () => createMachine({ ...referenceParts, commands: { ...commands, isForgotten: () => false } }),
};

const duplicate: readonly LogStep[] = [
  { at: "0s", open: "60s" },
  { at: "0s", session: 1, create: "counter", name: "hits" },
  { at: "1s", session: 1, service: 2, number: 1, operation: "Increment" },
  { at: "1s", session: 1, keepAlive: { lastInput: 1 } },
  { at: "2s", session: 1, service: 2, number: 1, operation: "Increment" },
];

describe("a written log", () => {
  test("the real machine keeps every claim, with queries, restarts and damage in between", () => {
    const log: readonly LogStep[] = [
      ...duplicate.slice(0, 3),
      { session: 1, service: 2, query: "Get" },
      { restart: true, chunks: 3 },
      { damage: true },
      ...duplicate.slice(3),
      { at: "2s", session: 1, leave: 2 },
      { at: "3s", tick: true },
      { entry: "/w==" },
      { at: "4s", session: 1, close: true },
    ];
    const { first, properties } = judgeLog(reference, log);
    expect(first).toBeNull();
    const judged = (name: string): number => properties.find(({ property }) => property === name)?.judged ?? 0;
    expect(judged("snapshot/refuses-damage")).toBeGreaterThan(0);
    expect(judged("snapshot/invisible")).toBeGreaterThan(0);
    expect(judged("reads/change-nothing")).toBeGreaterThan(0);
  });

  test("a machine that forgets what it forgot breaks at-most-once", () => {
    expect(judgeLog(forgetful, duplicate).first?.property).toBe("command/at-most-once");
  });

  test("a machine that throws breaks apply/total, and nothing more is asked of it", () => {
    let calls = 0;
    const apply = (): never => {
      calls += 1;
      throw new Error("no");
    };
    const broken: MachineKind = { ...reference, create: () => ({ ...reference.create(), apply }) };
    expect(judgeLog(broken, duplicate).first?.property).toBe("apply/total");
    expect(calls).toBe(1);
  });

  test("what can't be read is refused with a word about it", () => {
    expect(() => judgeLog(reference, [{ at: "soon", tick: true }])).toThrow("at soon");
  });
});

describe("a part of a log", () => {
  const draft = duplicate.map((step, i) => ({ index: i + 1, step }));
  const all = new Set([1, 2, 3, 4, 5]);

  test("whole, is the log", () => {
    expect(logOf(draft, all)).toEqual(duplicate);
  });

  test("loses what refers to an entry that is gone", () => {
    // Without the service's entry nothing is left that names it.
    expect(logOf([draft[0]!, draft[2]!, draft[3]!, draft[4]!], all)).toEqual([duplicate[0], duplicate[3]]);
    expect(logOf(draft.slice(1), all)).toEqual([]);
  });

  test("moves ids along with their entries", () => {
    const shifted = [
      { index: 3, step: { at: "0s", open: "60s" } },
      { index: 7, step: { at: "0s", session: 3, create: "counter", name: "hits" } },
      { index: 9, step: { at: "1s", session: 3, service: 7, number: 1, operation: "Increment" } },
    ];
    expect(logOf(shifted, new Set([1, 3, 7, 9]))).toEqual(duplicate.slice(0, 3));
  });

  test("keeps an id that no entry ever had", () => {
    const stray = [{ index: 1, step: { at: "0s", session: 99, close: true as const } }];
    expect(logOf(stray, new Set([1]))).toEqual([{ at: "0s", session: 99, close: true }]);
  });

  test("nothing comes of a line that is about no partition", () => {
    const header = { e: "header" } as never;
    expect(draftOf({ header, events: [{ e: "phase", t: 0 as never, phase: "safety" }], end: null }, 2)).toEqual([]);
  });
});
