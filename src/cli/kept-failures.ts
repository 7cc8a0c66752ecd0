// What a run has to do with the ledger of its project: tries the kept failures first, and keeps at once what it finds.
import type { FailedSeed, Task } from "../explore/batch.js";
import { recordFailure } from "../explore/failure.js";
import { Ledger, tryCase } from "../explore/ledger.js";
import { TOOL } from "../explore/package.js";
import { readPlan } from "../sim/plan.js";
import { loadTrace } from "../trace/file.js";
import { type FoundFailure, nameOf, wordsFor } from "./found-failures.js";
import { groundsFor } from "./grounds.js";
import { counted } from "./numbers.js";
import { quoted } from "./reproduce.js";

export class KeptFailures {
  readonly #ledger = new Ledger();
  readonly #task: Task;
  readonly #still: FoundFailure[] = [];
  readonly #met = new Set<string>();

  constructor(task: Task) {
    this.#task = task;
  }

  /** Plays the kept failures of this machine in this scenario again; those that pass for good are forgotten. */
  async tryFirst(known: ReadonlyMap<string, string>): Promise<void> {
    const { contestant, scenario } = this.#task;
    const mine = this.#ledger
      .list()
      .filter((one) => one.fsm === contestant.fsm && one.bug === contestant.bug && one.scenario === scenario.name);
    if (mine.length === 0) return;
    const { fsm, bug } = contestant;
    const grounds = await groundsFor({ fsm, ...(bug === null ? {} : { bug }) });
    let forgotten = 0;
    for (const one of mine) {
      const witness = tryCase(this.#ledger, one, grounds);
      if (this.#ledger.tried(one, witness !== undefined)) forgotten += 1;
      if (witness === undefined) continue;
      this.#met.add(one.fingerprint);
      const path = this.#ledger.tracePath(one.id);
      const trace = loadTrace(path, { salvage: true });
      const seed = one.seed ?? "0";
      const who = contestant.bug === null && contestant.fsm !== "reference" ? ` --fsm ${quoted(contestant.fsm)}` : "";
      const reason = known.get(one.fingerprint);
      this.#still.push({
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
          ...(reason === undefined ? {} : { known: reason }),
        },
      });
    }
    grounds.close();
    const gone = forgotten === 0 ? "" : `, ${forgotten} passed for good and forgotten`;
    process.stderr.write(
      `${counted(mine.length, "failure")} kept from before: ${this.#still.length} still there${gone}\n`,
    );
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
        process.stderr.write(`${(error as Error).message}\n`);
      }
    }
  }
}
