// The ledger of a project: what failed there, kept as cases, each a trace that plays again without its seed. The next run
// tries them first; a case that passes some runs in a row is forgotten. One file a case and each written whole or not at
// all, so that whoever kills a run loses nothing that it had found.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/usage-error.js";
import { fingerprint, type Witness } from "../checker/verdict.js";
import { readPlan } from "../sim/plan.js";
import { loadTrace, saveTrace, type Trace } from "../trace/file.js";
import type { Contestant } from "./contestant.js";
import type { Plays } from "./plays.js";
import { SAME_SEED } from "./same-seed.js";
import { makeFolder, reasonOf } from "../trace/disk.js";

/** Where a project keeps its cases, from its root. */
export const LEDGER_FOLDER: string = join(".multiraft-sim", "cases");

/** A failure that was kept. */
export interface Case {
  /** The start of a hash of what makes it this failure: 12 hexadecimal digits. */
  readonly id: string;
  readonly fingerprint: string;
  readonly says: string;
  readonly fsm: string;
  readonly bug: string | null;
  readonly scenario: string;
  /** Decimal; null where no seed drew it. */
  readonly seed: string | null;
  /** The version of the tool that found it. */
  readonly version: string;
  /** In how many runs in a row it has passed. */
  readonly passed: number;
}

/** After so many runs in which it passes, a case is forgotten. */
export const PASSES_TO_FORGET = 3;

const FORMAT = 1;

export class Ledger {
  readonly folder: string;

  constructor(folder: string = LEDGER_FOLDER) {
    this.folder = folder;
  }

  /** Every case, by id. `unreadable` hears of those that can't be read; absent: they are thrown. */
  list(unreadable?: (error: UsageError) => void): Case[] {
    if (!existsSync(this.folder)) return [];
    const ids = readdirSync(this.folder).flatMap((file) => /^([0-9a-f]{12})\.json$/.exec(file)?.[1] ?? []);
    return ids.sort().flatMap((id) => {
      try {
        return this.#read(id);
      } catch (error) {
        if (unreadable === undefined || !(error instanceof UsageError)) throw error;
        unreadable(error);
        return [];
      }
    });
  }

  /** The case whose id begins so. */
  find(start: string): Case {
    const found = this.list().filter(({ id }) => id.startsWith(start));
    const [one] = found;
    if (one !== undefined && found.length === 1) return one;
    const what = found.length === 0 ? "no case" : `${found.length} cases`;
    throw new UsageError(`${what} whose id begins with ${start}`, "`failures list` shows them all.");
  }

  tracePath(id: string): string {
    return join(this.folder, `${id}.jsonl`);
  }

  /** Whether a failure is kept already. */
  holds(contestant: Contestant, print: string): boolean {
    return existsSync(this.#path(idOf(contestant, print)));
  }

  /** Keeps a failure as it is now: of one that is kept already, the trace that is given is the one that fails. */
  keep(contestant: Contestant, witness: Witness, trace: Trace): Case {
    const print = fingerprint(witness);
    const { seed, scenario, version } = trace.header;
    const { fsm, bug } = contestant;
    const id = idOf(contestant, print);
    const one: Case = { id, fingerprint: print, says: witness.says, fsm, bug, scenario, seed, version, passed: 0 };
    saveTrace(this.tracePath(id), trace);
    this.#write(one);
    return one;
  }

  /** Notes that a case failed again, or passed once more; after some passes it is forgotten. Says whether it was. */
  tried(one: Case, failed: boolean): boolean {
    const passed = failed ? 0 : one.passed + 1;
    if (passed >= PASSES_TO_FORGET) {
      this.forget(one);
      return true;
    }
    if (passed !== one.passed) this.#write({ ...one, passed });
    return false;
  }

  forget({ id }: Case): void {
    rmSync(this.#path(id), { force: true });
    rmSync(this.tracePath(id), { force: true });
  }

  #path(id: string): string {
    return join(this.folder, `${id}.json`);
  }

  #read(id: string): Case {
    const path = this.#path(id);
    try {
      const { format, ...one } = JSON.parse(readFileSync(path, "utf8")) as Case & { format: number };
      if (format === FORMAT && typeof one.fingerprint === "string" && typeof one.fsm === "string")
        return { ...one, id };
    } catch {
      // Said below: whatever is wrong with it, it is no case.
    }
    throw new UsageError(`${path} is no case of this version`, "Take the file away to forget it.");
  }

  #write(one: Case): void {
    const path = this.#path(one.id);
    const draft = `${path}.${process.pid}.part`;
    try {
      makeFolder(this.folder);
      writeFileSync(draft, `${JSON.stringify({ format: FORMAT, ...one }, null, 2)}\n`, { flush: true });
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw new UsageError(
        `the case ${path} can't be kept: ${reasonOf(error)}`,
        "What was found is in the report all the same.",
      );
    }
  }
}

/** A failure is the same one while its fingerprint and whoever stands trial are. */
function idOf({ fsm, bug }: Contestant, print: string): string {
  return createHash("sha256")
    .update(JSON.stringify([print, fsm, bug]))
    .digest("hex")
    .slice(0, 12);
}

/** Plays a case's plan with whoever stands trial now; the witness where it still fails alike. */
export function tryCase(ledger: Ledger, one: Case, plays: Plays): Witness | undefined {
  const { header } = loadTrace(ledger.tracePath(one.id), { salvage: true });
  const plan = readPlan(header.plan);
  if (one.fingerprint.startsWith(`${SAME_SEED} |`)) return plays.twice(plan)?.witness;
  const { properties } = plays.judge(plan, {}).judgement;
  return properties.flatMap(({ witnesses }) => witnesses).find((each) => fingerprint(each) === one.fingerprint);
}
