// What a run has to do with the ledger of its project: tries the kept failures first, and keeps at once what it finds.
import { UsageError } from "../base/usage-error.js";
import type { FailedSeed, Task } from "../explore/batch.js";
import { recordFailure } from "../explore/failure.js";
import type { Witness } from "../checker/verdict.js";
import { type Case, Ledger, tryCase } from "../explore/ledger.js";
import { TOOL } from "../explore/package.js";
import { readPlan } from "../sim/plan.js";
import { loadTrace } from "../trace/file.js";
import { type FoundFailure, nameOf, wordsFor } from "./found-failures.js";
import { groundsFor } from "./grounds.js";
import { counted } from "./numbers.js";
import { quoted, whoOf } from "./reproduce.js";

export class KeptFailures {
  readonly #ledger = new Ledger();
  readonly #task: Task;
  readonly #still: FoundFailure[] = [];
  readonly #met = new Set<string>();

  constructor(task: Task) {
    this.#task = task;
  }

  /**
   * Plays the kept failures of this machine in this scenario again; those that pass for good are forgotten. A case that can't
   * be read or written is said, and stops neither the others nor the run.
   */
  async tryFirst(known: ReadonlyMap<string, string>): Promise<void> {
    const { contestant, scenario } = this.#task;
    const { fsm, bug } = contestant;
    const mine = this.#ledger
      .list(complain)
      .filter((one) => one.fsm === fsm && one.bug === bug && one.scenario === scenario.name);
    if (mine.length === 0) return;
    const grounds = await groundsFor({ fsm, ...(bug === null ? {} : { bug }) });
    let forgotten = 0;
    for (const one of mine) {
      try {
        const witness = tryCase(this.#ledger, one, grounds);
        if (witness !== undefined) this.#still.push(this.#stillThere(one, witness, known.get(one.fingerprint)));
        if (this.#ledger.tried(one, witness !== undefined)) forgotten += 1;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        complain({ message: `the case ${one.id} can't be tried: ${error.message}` });
      }
    }
    grounds.close();
    const gone = forgotten === 0 ? "" : `, ${forgotten} passed for good and forgotten`;
    process.stderr.write(
      `${counted(mine.length, "failure")} kept from before: ${this.#still.length} still there${gone}\n`,
    );
  }

  #stillThere(one: Case, witness: Witness, known: string | undefined): FoundFailure {
    const path = this.#ledger.tracePath(one.id);
    const trace = loadTrace(path, { salvage: true });
    const seed = one.seed ?? "0";
    const who = whoOf(this.#task.contestant);
    this.#met.add(one.fingerprint);
    return {
      name: `${nameOf(witness.property, seed)}-kept-${one.id}`,
      plan: readPlan(trace.header.plan),
      reported: {
        seed,
        property: witness.property,
        fingerprint: one.fingerprint,
        seeds: 0,
        trace: path,
        reproduce: `npx ${TOOL} replay ${quoted(path)}${who}`,
        says: witness.says,
        lines: wordsFor(witness, trace),
        ...(known === undefined ? {} : { known }),
      },
    };
  }

  /** Those that are still there and did not come up again by themselves. */
  beside(found: ReadonlySet<string>): FoundFailure[] {
    return this.#still.filter(({ reported }) => !found.has(reported.fingerprint));
  }

  /** Keeps what a batch has found, before anything else can happen to this process. */
  keep(failed: readonly FailedSeed[]): void {
    for (const one of failed) {
      if (this.#met.has(one.fingerprint)) continue;
      this.#met.add(one.fingerprint);
      try {
        const { trace } = recordFailure(this.#task, one);
        this.#ledger.keep(this.#task.contestant, one.witness, trace);
      } catch (error) {
        complain(error as Error);
      }
    }
  }
}

function complain({ message }: { readonly message: string }): void {
  process.stderr.write(`${message}\n`);
}
