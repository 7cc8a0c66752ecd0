// From a seed that fails to a test that fails: it fails with the bug and passes with the real machine, for a bug whose log is
// enough, one that takes a restart, and one of a client.
import { runInThisContext } from "node:vm";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import * as zoo from "../bugs/index.js";
import { huntDown } from "../src/explore/hunt.js";
import * as library from "../src/index.js";

/** Runs the text of a test file with these in the place of its imports. Answers what its one test threw. */
async function run(text: string, bugNamed: (name: string) => unknown): Promise<Error | undefined> {
  const bodies: (() => unknown)[] = [];
  const worlds: Record<string, object> = {
    vitest: { expect, test: (_: string, body: () => unknown) => bodies.push(body) },
    "multiraft-sim": library,
    "multiraft-sim/zoo": { bugNamed },
  };
  const { code } = transformSync(text, { loader: "ts" });
  const script = code.replace(/^import \{(.*?)\} from "(.*?)";/gm, (_, names: string, from: string) => {
    return `const {${names.replaceAll(" as ", ": ")}} = worlds[${JSON.stringify(from)}];`;
  });
  (runInThisContext(`(worlds) => {${script}\n}`) as (given: typeof worlds) => void)(worlds);
  expect(bodies).toHaveLength(1);
  try {
    await bodies[0]?.();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function smallTestOf(name: string): string {
  const bug = zoo.bugNamed(name)!;
  const scenario = library.scenarioFrom("default");
  const contestant: library.Contestant = {
    ...library.plainContestant(bug.machine ?? library.reference),
    ...(bug.parts && { parts: bug.parts }),
  };
  const hunt = { bug: name, from: 0n, seeds: 60 };
  const { caught } = huntDown({ contestant, caughtBy: bug.caughtBy, scenario, version: "test" }, hunt, () => undefined);
  if (caught === null) throw new Error(`${name} got away`);
  const plan = library.draw(scenario, caught.seed);
  const target = library.targetOf(contestant, plan, caught.by[0]);
  const shrinker = new library.Shrinker(target, plan);
  for (const _ of shrinker.run());
  return library.testOf(library.smallestOf(target, shrinker), { fsm: "reference", bug }, `seed ${caught.seed}`);
}

test.each(["lock-lifo", "restore-forgets-open", "client-acks-before-received"])(
  "%s: the emitted test fails with the bug and passes without it",
  async (name) => {
    const text = smallTestOf(name);
    expect((await run(text, zoo.bugNamed))?.message).toContain("every claim holds");
    expect(await run(text, () => undefined)).toBeUndefined();
  },
  120_000,
);
