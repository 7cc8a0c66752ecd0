// What a run has to do with the ledger of its project: tries the kept failures first, and keeps at once what it finds.
import type { Assignment, FailedSeed } from "../explore/batch.js";
import { recordFailure } from "../explore/failure.js";
import { type Case, Ledger, tryCase } from "../explore/ledger.js";
import type { Failure } from "../explore/report.js";
import { TOOL } from "../explore/package.js";
import { linesOf, loadTrace } from "../trace/file.js";
import { lineInWords } from "../replay/words.js";
import { counted } from "./numbers.js";
import { quoted } from "./reproduce.js";

type Task = Omit<Assignment, "bail" | "twiceEvery">;

export class KeptFailures {
  readonly #ledger = new Ledger();
  readonly #task: Task;
  readonly #still: { readonly one: Case; readonly failure: Failure }[] = [];
  readonly #met = new Set<string>();

  constructor(task: Task) {
    this.#task = task;
  }

  /** Plays the kept failures of this machine in this scenario again; those that pass for good are forgotten. */
  tryFirst(known: ReadonlyMap<string, string>): void {
    const { contestant, scenario, version } = this.#task;
    const mine = this.#ledger
      .list()
      .filter((one) => one.fsm === contestant.fsm && one.bug === contestant.bug && one.scenario === scenario.name);
    let forgotten = 0;
    for (const one of mine) {
      const witness = tryCase(this.#ledger, one, contestant, version);
      if (this.#ledger.tried(one, witness !== undefined)) forgotten += 1;
      if (witness === undefined) continue;
      this.#met.add(one.fingerprint);
      const trace = this.#ledger.tracePath(one.id);
      const lines = linesOf(loadTrace(trace, { salvage: true }));
      const seed = BigInt(one.seed ?? 0);
      const who = contestant.bug === null && contestant.fsm !== "reference" ? ` --fsm ${quoted(contestant.fsm)}` : "";
      const reason = known.get(one.fingerprint);
      this.#still.push({
        one,
        failure: {
          group: { first: { seed, fingerprint: one.fingerprint, witness }, seeds: 1 },
          witness,
          trace,
          lines: witness.lines.flatMap((number) => {
            const line = lines[number - 1];
            return line === undefined ? [] : [`${number}: ${lineInWords(line)}`];
          }),
          reproduce: `npx ${TOOL} replay ${quoted(trace)}${who}`,
          ...(reason === undefined ? {} : { known: reason }),
        },
      });
    }
    if (mine.length === 0) return;
    const gone = forgotten === 0 ? "" : `, ${forgotten} passed for good and forgotten`;
    process.stderr.write(
      `${counted(mine.length, "failure")} kept from before: ${this.#still.length} still there${gone}\n`,
    );
  }

  /** Those that are still there and did not come up again by themselves. */
  beside(found: ReadonlySet<string>): Failure[] {
    return this.#still.filter(({ one }) => !found.has(one.fingerprint)).map(({ failure }) => failure);
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
