// Specs: which way of naming a machine it is, and a module's path from another folder.
import { expect, test } from "vitest";
import { kindOfSpec, pathSeenFrom } from "./spec.js";

test.each([
  ["reference", "reference"],
  ["exec:./run.sh --fast.js", "process"],
  ["./my-fsm.ts", "module"],
  ["/tmp/fsm.mjs", "module"],
  ["mine", undefined],
])("%s names a %s", (spec, kind) => {
  expect(kindOfSpec(spec)).toBe(kind);
});

test.each([
  ["/p", "./fsm.ts", "/p", "./fsm.ts"],
  ["/p/tests", "./fsm.ts", "/p", "../fsm.ts"],
  ["/p", "../fsm.ts", "/p/tests", "./fsm.ts"],
  ["/p", "/q/fsm.ts", "/p", "../q/fsm.ts"],
  ["/p", "..odd/fsm.ts", "/p", "./..odd/fsm.ts"],
])("seen from %s, %s of %s is %s", (to, path, from, seen) => {
  expect(pathSeenFrom(to, path, from)).toBe(seen);
});
