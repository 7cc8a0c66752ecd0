// The ledger keeps what failed, tries it again, and forgets it when it passes for good.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Witness } from "../checker/verdict.js";
import { commands } from "../fsm/commands.js";
import { reference } from "../fsm/reference.js";
import { createMachine, referenceParts } from "../fsm/session-machine.js";
import type { Trace } from "../trace/file.js";
import { type Contestant, plainContestant } from "./contestant.js";
import { Ledger, PASSES_TO_FORGET, tryCase } from "./ledger.js";
import { playsHere } from "./plays.js";
import { scenarioFrom } from "./scenarios.js";
import { recordTrial, trialOf } from "./trial.js";

const create = (): ReturnType<typeof createMachine> =>
  createMachine({ ...referenceParts, commands: { ...commands, isForgotten: () => false } });
const forgetful = plainContestant({ ...reference, name: "mine", create });
const mended: Contestant = { ...plainContestant(reference), fsm: "mine" };

function failure(): { witness: Witness; trace: Trace } {
  for (let seed = 0n; seed < 40n; seed++) {
    const { judgement, trace } = recordTrial(trialOf(scenarioFrom("default"), seed, forgetful, "1.0.0"), {});
    if (judgement.first !== null) return { witness: judgement.first, trace };
  }
  throw new Error("no seed of forty fails");
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the ledger", () => {
  const { witness, trace } = failure();

  test("keeps a failure once, however often it is found", () => {
    const ledger = new Ledger(folder);
    const one = ledger.keep(forgetful, witness, trace);
    ledger.keep(forgetful, witness, trace);
    expect(ledger.list()).toEqual([one]);
    expect(one).toMatchObject({ fsm: "mine", bug: null, scenario: "default", passed: 0, says: witness.says });
    expect(readdirSync(folder).sort()).toEqual([`${one.id}.json`, `${one.id}.jsonl`]);
  });

  test("finds a kept failure again without its seed, and not in a machine that was mended", () => {
    const ledger = new Ledger(folder);
    const one = ledger.keep(forgetful, witness, trace);
    expect(tryCase(ledger, one, playsHere(forgetful, "1.0.1"))).toMatchObject({ property: witness.property });
    expect(tryCase(ledger, one, playsHere(mended, "1.0.1"))).toBeUndefined();
  });

  test(`forgets what has passed ${PASSES_TO_FORGET} times in a row, and only that`, () => {
    const ledger = new Ledger(folder);
    ledger.keep(forgetful, witness, trace);
    const tried = [false, false, true, false, false].map((failed) => ledger.tried(ledger.list()[0]!, failed));
    expect(tried).toEqual([false, false, false, false, false]);
    expect(ledger.list()[0]?.passed).toBe(2);
    expect(ledger.tried(ledger.list()[0]!, false)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("finds a case by the beginning of its id, and says where there is none", () => {
    const ledger = new Ledger(folder);
    const one = ledger.keep(forgetful, witness, trace);
    expect(ledger.find(one.id.slice(0, 4))).toEqual(one);
    expect(() => ledger.find("zz")).toThrow("no case whose id begins with zz");
  });

  test("a folder that is not there is an empty ledger", () => {
    expect(new Ledger(join(folder, "none")).list()).toEqual([]);
  });

  test("a draft that was left behind by a killed run is no case; a case that can't be read is named", () => {
    const ledger = new Ledger(folder);
    writeFileSync(join(folder, "0123456789ab.json.99.part"), "{");
    expect(ledger.list()).toEqual([]);
    writeFileSync(join(folder, "0123456789ab.json"), "{");
    expect(() => ledger.list()).toThrow("0123456789ab.json is no case of this version");
  });

  test("where nothing can be written, what was found is not lost without a word", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => new Ledger(file).keep(forgetful, witness, trace)).toThrow("can't be written");
  });
});
