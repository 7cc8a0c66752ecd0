// From a failing run to the shortest log of entries that breaks the same claim on a bare machine. Where no log does (what
// breaks is a client, a host, or takes two partitions), there is none, and the plan has to serve.
import { fingerprint, type Judgement, type Witness } from "../checker/verdict.js";
import type { Trace } from "../trace/file.js";
import { fromNanos, Nanos, toNanos } from "../base/time.js";
import { ddmin } from "./ddmin.js";
import { type DraftStep, draftOf, logOf } from "./log-of-trace.js";
import { isEntry, type LogStep } from "./log-steps.js";
import { spanFromWords, spanInWords } from "./span-words.js";
import { type Shown, shownBy } from "./target.js";

export interface ShrunkLog {
  readonly steps: readonly LogStep[];
  readonly witness: Witness;
  readonly shown: Shown;
  readonly trials: number;
}

/** Plays a log and says what the judge says. `hasty`: one of many; what it comes to is asked once more in the end. */
export type PlayLog = (steps: readonly LogStep[], hasty: boolean) => Judgement;

/**
 * The shortest log that breaks the claim of `witness`, whose line numbers are those of `trace`; undefined where none does.
 * `enough` is asked before each play; true: the shortest so far will do.
 */
export function shrinkLog(play: PlayLog, trace: Trace, witness: Witness, enough: () => boolean): ShrunkLog | undefined {
  const all = draftOf(trace, witness.lines.at(-1) ?? 0);
  if (all.length === 0) return undefined;
  // With the very fingerprint where that can be had, else with the property: some show another way without clients.
  for (const alike of [sameFingerprint(witness), sameProperty(witness)]) {
    const shown = ({ first, properties }: Judgement): Witness | undefined =>
      first === null ? undefined : properties.flatMap((each) => each.witnesses).find(alike);
    const shrunk = smallestLog(all, (log) => shown(play(log, true)), enough);
    if (shrunk === undefined) continue;
    const { steps, trials } = shrunk;
    // What hurried may have seen what is not there.
    const judgement = play(steps, false);
    const seen = shown(judgement);
    if (seen !== undefined) return { steps, witness: seen, shown: shownBy(judgement, seen), trials };
  }
  return undefined;
}

/** The shortest log that shows something: `shows` plays a log and says what it shows; undefined: nothing. */
export function smallestLog<Shown>(
  all: readonly DraftStep[],
  shows: (log: readonly LogStep[]) => Shown | undefined,
  stop = (): boolean => false,
): { readonly steps: readonly LogStep[]; readonly shows: Shown; readonly trials: number } | undefined {
  const shrinker = new LogShrinker(all, shows, stop);
  return shrinker.shown === undefined ? undefined : { ...shrinker.run(), shows: shrinker.shown };
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

class LogShrinker<Shown> {
  shown: Shown | undefined;
  #steps: readonly DraftStep[];
  #trials = 0;
  readonly #indexes: ReadonlySet<number>;

  constructor(
    steps: readonly DraftStep[],
    private readonly shows: (log: readonly LogStep[]) => Shown | undefined,
    private readonly stop: () => boolean,
  ) {
    this.#steps = steps;
    this.#indexes = new Set(steps.flatMap(({ index }) => (index === undefined ? [] : [index])));
    this.shown = shows(this.#written(steps));
  }

  run(): { readonly steps: readonly LogStep[]; readonly trials: number } {
    for (let before = ""; before !== JSON.stringify(this.#steps);) {
      before = JSON.stringify(this.#steps);
      this.#remove();
      this.#hasten();
      for (let at = 0; at < this.#steps.length; at++) {
        for (let plainer = this.#plainer(at); plainer !== undefined;) plainer = this.#plainer(at);
      }
    }
    return { steps: this.#written(this.#steps), trials: this.#trials };
  }

  #remove(): void {
    const search = ddmin(this.#steps);
    let step = search.next();
    while (step.done !== true) step = search.next(this.#take(step.value));
  }

  // Less time between one entry and the next; the later ones move along. None, if that can be; else a round span.
  #hasten(): void {
    for (let at = 0; at < this.#steps.length; at++) {
      const now = nanosAt(this.#steps[at]);
      if (now === undefined) continue;
      const before = this.#steps.slice(0, at).reduce((last, each) => nanosAt(each) ?? last, 0n);
      const gap = now - before;
      for (const shorter of shorterGaps(gap)) {
        const steps = this.#steps.map((each, i) => (i < at ? each : movedBy(each, shorter - gap)));
        if (this.#take(steps)) break;
      }
    }
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
    if (this.stop()) return false;
    this.#trials += 1;
    const shown = this.shows(this.#written(steps));
    if (shown === undefined) return false;
    this.#steps = steps;
    this.shown = shown;
    return true;
  }

  #written(steps: readonly DraftStep[]): LogStep[] {
    return logOf(steps, this.#indexes);
  }
}

function nanosAt(draft: DraftStep | undefined): bigint | undefined {
  if (draft === undefined || !isEntry(draft.step) || !("at" in draft.step) || draft.step.at === undefined)
    return undefined;
  const span = spanFromWords(draft.step.at);
  return span && toNanos(span);
}

function movedBy(draft: DraftStep, nanos: bigint): DraftStep {
  const now = nanosAt(draft);
  if (now === undefined) return draft;
  const at = spanInWords(fromNanos(Nanos(now + nanos > 0n ? now + nanos : 0n)));
  return at === undefined ? draft : { ...draft, step: { ...draft.step, at } as LogStep };
}

const SECOND = 1_000_000_000n;

/** Shorter or rounder spans in the place of one, the plainest first. A round one stays or goes, so this comes to an end. */
function shorterGaps(gap: bigint): bigint[] {
  if (gap === 0n) return [];
  const gaps = [0n];
  for (const grain of [SECOND, SECOND / 10n, SECOND / 1000n]) {
    if (gap % grain === 0n) break;
    if (gap > 0n) gaps.push((gap / grain) * grain, (gap / grain + 1n) * grain);
  }
  return gaps;
}

/** A time-out that nothing in a short log reaches. */
const LONG = "60s";

/** Plainer forms of a step, the plainest first. */
function plainer(step: LogStep): LogStep[] {
  const forms: LogStep[] = [];
  if ("open" in step && step.open !== LONG) {
    for (const open of [LONG, ...rounder(step.open)]) forms.push({ ...step, open });
  }
  if ("number" in step) for (const number of [1, 2, 3]) if (number < step.number) forms.push({ ...step, number });
  if ("name" in step && step.name !== step.create) forms.push({ ...step, name: step.create });
  if ("keepAlive" in step) {
    const { received, open, ...rest } = step.keepAlive;
    for (const lastInput of [0, 1, 2]) {
      if (lastInput < rest.lastInput) forms.push({ ...step, keepAlive: { ...step.keepAlive, lastInput } });
    }
    if (open !== undefined && open.length > 1) {
      for (const one of open) forms.push({ ...step, keepAlive: { ...step.keepAlive, open: [one] } });
    }
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
