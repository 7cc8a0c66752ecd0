// What a client notices by itself of outputs that are kept from it. SPEC 3.
import { expect, test } from "vitest";
import { commands } from "../fsm/commands.js";
import { reference } from "../fsm/reference.js";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import type { MachineKind } from "../protocol/machine.js";
import { linesOf, only, planOf } from "./default-scenario.laws.js";

// An answer that repeats several outputs leaves out the first, which was never acknowledged.
const forgetful: MachineKind = {
  ...reference,
  create: () =>
    createMachine({
      ...referenceParts,
      commands: {
        ...commands,
        reply(m, command) {
          const reply = commands.reply(m, command);
          if (reply.kind === "failure" || reply.outputs.length < 2) return reply;
          return { ...reply, outputs: reply.outputs.slice(1) };
        },
      },
    }),
};

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

test("SPEC 3: a repeated answer that lacks a number not acknowledged is an error, also where the number had arrived", () => {
  const what: string[] = [];
  for (const seed of SEEDS) {
    for (const line of only(linesOf(planOf(seed), { machine: forgetful }).lines, "client-error")) {
      expect(line.error).toBe("missing-output");
      what.push(line.what);
    }
  }
  expect(what.length).toBeGreaterThan(0);
  for (const each of what) expect(each).toMatch(/^the answer begins with output \d+, \d+ acknowledged$/);
});

test("SPEC 3: no client of the real machine sees one", () => {
  for (const seed of SEEDS) expect(only(linesOf(planOf(seed)).lines, "client-error")).toEqual([]);
});
