// From a failing run to the shortest log of entries that breaks the same claim on a bare machine. Where no log does (what
// breaks is a client, a host, or takes two partitions), there is none, and the plan has to serve.
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { MachineKind } from "../protocol/machine.js";
import type { Trace } from "../trace/file.js";
import { ddmin } from "./ddmin.js";
import { type DraftStep, draftOf, logOf } from "./log-of-trace.js";
import { judgeLog } from "./log-play.js";
import { isEntry, type LogStep } from "./log-steps.js";

export interface ShrunkLog {
  readonly steps: readonly LogStep[];
  readonly witness: Witness;
  readonly trials: number;
}

/** The shortest log that breaks the claim of `witness`, whose line numbers are those of `trace`; undefined where none does. */
export function shrinkLog(machine: MachineKind, trace: Trace, witness: Witness): ShrunkLog | undefined {
  const all = draftOf(trace, witness.lines.at(-1) ?? 0);
  if (all.length === 0) return undefined;
  // With the very fingerprint where that can be had, else with the property: some show another way without clients.
  for (const alike of [sameFingerprint(witness), sameProperty(witness)]) {
    const shrinker = new LogShrinker(machine, alike, all);
    if (shrinker.fails) return shrinker.run();
  }
  return undefined;
}

type Alike = (witness: Witness) => boolean;

const sameFingerprint = (wanted: Witness): Alike => {
  const name = fingerprint(wanted);
  return (witness) => fingerprint(witness) === name;
};
const sameProperty =
  (wanted: Witness): Alike =>
  (witness) =>
    witness.property === wanted.property;

class LogShrinker {
  #steps: readonly DraftStep[];
  #witness: Witness | undefined;
  #trials = 0;
  readonly #indexes: ReadonlySet<number>;
  readonly #machine: MachineKind;
  readonly #alike: Alike;

  constructor(machine: MachineKind, alike: Alike, steps: readonly DraftStep[]) {
    this.#machine = machine;
    this.#alike = alike;
    this.#steps = steps;
    this.#indexes = new Set(steps.flatMap(({ index }) => (index === undefined ? [] : [index])));
    this.#witness = this.#witnessOf(steps);
  }

  get fails(): boolean {
    return this.#witness !== undefined;
  }

  run(): ShrunkLog {
    for (let before = ""; before !== JSON.stringify(this.#steps);) {
      before = JSON.stringify(this.#steps);
      this.#remove();
      for (let at = 0; at < this.#steps.length; at++) {
        for (let plainer = this.#plainer(at); plainer !== undefined;) plainer = this.#plainer(at);
      }
    }
    return { steps: this.#written(this.#steps), witness: this.#witness as Witness, trials: this.#trials };
  }

  #remove(): void {
    const search = ddmin(this.#steps);
    let step = search.next();
    while (step.done !== true) step = search.next(this.#take(step.value));
  }

  // The first plainer form of a step that still fails; undefined where there is none.
  #plainer(at: number): DraftStep | undefined {
    const now = this.#steps[at] as DraftStep;
    for (const step of plainer(now.step)) {
      const draft = { ...now, step };
      if (this.#take(this.#steps.map((each, i) => (i === at ? draft : each)))) return draft;
    }
    return undefined;
  }

  #take(steps: readonly DraftStep[]): boolean {
    const witness = this.#witnessOf(steps);
    if (witness === undefined) return false;
    this.#steps = steps;
    this.#witness = witness;
    return true;
  }

  #witnessOf(steps: readonly DraftStep[]): Witness | undefined {
    this.#trials += 1;
    const judgement: Judgement = judgeLog(this.#machine, this.#written(steps));
    if (judgement.first === null) return undefined;
    return judgement.properties.flatMap((each) => each.witnesses).find(this.#alike);
  }

  #written(steps: readonly DraftStep[]): LogStep[] {
    return logOf(steps, this.#indexes);
  }
}

/** Plainer forms of a step, the plainest first. */
function plainer(step: LogStep): LogStep[] {
  const forms: LogStep[] = [];
  if (isEntry(step) && "at" in step && step.at !== undefined) {
    for (const at of rounder(step.at)) forms.push({ ...step, at } as LogStep);
  }
  if ("open" in step) for (const open of rounder(step.open)) forms.push({ ...step, open });
  if ("keepAlive" in step) {
    const { received, open, ...rest } = step.keepAlive;
    if (received !== undefined) forms.push({ ...step, keepAlive: { ...rest, ...(open && { open }) } });
    if (open !== undefined) forms.push({ ...step, keepAlive: { ...rest, ...(received && { received }) } });
  }
  if ("chunks" in step) forms.push({ restart: true });
  if ("with" in step && step.with !== undefined) {
    for (const name of Object.keys(step.with)) {
      const { [name]: _, ...rest } = step.with;
      const { with: __, ...bare } = step;
      forms.push((Object.keys(rest).length === 0 ? bare : { ...step, with: rest }) as LogStep);
    }
  }
  return forms;
}

/** "2.345678901s" as "2s", "2.3s", "2.35s": each shorter than the text. */
function rounder(text: string): string[] {
  const seconds = Number(text.slice(0, -1));
  const texts = [0, 1, 2, 3].map((digits) => `${Number(seconds.toFixed(digits))}s`);
  return [...new Set(texts)].filter((each) => each.length < text.length);
}
