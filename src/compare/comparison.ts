// Two machines at the same calls, side by side: every answer, every look and every saved state of the one against that of the
// other; and what each saved against what the other makes of it. The calls come as lines; their recorded answers don't count.
import type { EventLine, ReplicaLine } from "../trace/line.js";
import { appliedDiffer, queriesDiffer, sameApplied } from "./answers.js";
import { type Finding, fingerprintOf, type Found, isVisible, type Kind } from "./difference.js";
import { Labels } from "./labels.js";
import { type Carried, type Outcome, Player, type Side } from "./player.js";
import { readingOf, statesDiffer } from "./states.js";

export interface ComparisonOptions {
  /** Whether a difference of that fingerprint is meant: it is counted, and the play goes on. */
  readonly accepted: (fingerprint: string) => boolean;
  /** A saved state of the candidate may have so many times the bytes of the baseline's. */
  readonly sizeBound: number;
  /** Whether each is given what the other saved, where that differs. */
  readonly carries: boolean;
}

/** What a play came to. */
export interface Compared {
  /** The first of each kind that is not accepted. */
  readonly found: readonly Found[];
  /** How often each accepted difference was seen. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly calls: number;
}

/** Plays all calls, or those up to the first difference that shows outside. */
export function compareCalls(
  lines: Iterable<EventLine>,
  baseline: Side,
  candidate: Side,
  options: ComparisonOptions,
): Compared {
  const comparison = new Comparison(baseline, candidate, options);
  for (const line of lines) {
    comparison.take(line);
    if (comparison.over) break;
  }
  return comparison.result();
}

/** A call that the run's own machine did not survive is still a call. */
export function callOf(line: EventLine): EventLine {
  if (line.e !== "broke" || line.during !== "apply") return line;
  const { t, partition, replica, index } = line;
  const applied = { reply: { kind: "answer", outputs: [], complete: true }, emissions: [] } as const;
  return { e: "apply", t, partition, replica, index, applied };
}

/** A few bytes more are no cost. */
const GRANTED_BYTES = 64;
/** A state that was carried over is followed for so many entries, and so many at a time. */
const FOLLOWED_FOR = 100;
const FOLLOWED_AT_ONCE = 3;

interface Followed {
  readonly kind: "forward" | "back";
  readonly machine: Carried;
  readonly replica: string;
  left: number;
}

class Comparison {
  over = false;
  readonly #baseline: Player;
  readonly #candidate: Player;
  readonly #labels = new Labels();
  readonly #observed;
  readonly #saved;
  readonly #found = new Map<Kind, Found>();
  readonly #accepted = new Map<string, number>();
  #followed: Followed[] = [];
  #call = -1;
  #calls = 0;

  constructor(
    baseline: Side,
    candidate: Side,
    private readonly options: ComparisonOptions,
  ) {
    this.#baseline = new Player(baseline);
    this.#candidate = new Player(candidate);
    const kinds = [baseline.machine.capabilities, candidate.machine.capabilities] as const;
    this.#observed = readingOf(...kinds, "observed");
    this.#saved = readingOf(...kinds, "saved");
  }

  result(): Compared {
    return { found: [...this.#found.values()], accepted: this.#accepted, calls: this.#calls };
  }

  take(recorded: EventLine): void {
    this.#call += 1;
    const line = callOf(recorded);
    if (line.e === "replica") this.#forget(line);
    const one = this.#baseline.play(line);
    const other = this.#candidate.play(line);
    // Where only one of them broke before, there is nothing to compare any more.
    if (one === undefined || other === undefined || !("replica" in line)) return;
    this.#calls += 1;
    const at = { ...line, index: "index" in line ? (line.index as bigint) : 0n } as At;
    this.#touched(at, one, other);
    if (one.did === "broke" || other.did === "broke") this.#broke(at, line, one, other);
    else this.#answered(at, line, one, other);
    if (one.did === "apply" && other.did === "apply") this.#labels.learn(at.partition, one.entry, one.applied);
    if (line.e === "restore") this.#forget(line);
  }

  #answered(at: At, line: EventLine, one: Outcome, other: Outcome): void {
    if (one.did === "apply" && other.did === "apply") {
      if (!sameApplied(one.applied, other.applied)) {
        const about = this.#labels.entry(at.partition, one.entry);
        const finding = appliedDiffer(one.applied, other.applied, about, (each) =>
          this.#labels.emission(at.partition, each),
        );
        this.#note(at, about === "open-session" ? finding : (this.#expiry(at) ?? finding));
      }
      this.#follow(at, one, other);
    } else if (one.did === "answer" && other.did === "answer" && line.e === "answer") {
      const finding = queriesDiffer(one.answer, other.answer, this.#labels.query(at.partition, line.input));
      if (finding !== undefined) this.#note(at, this.#expiry(at) ?? finding);
    } else if (one.did === "observe" && other.did === "observe") {
      this.#note(at, statesDiffer(one.bytes, other.bytes, this.#observed));
    } else if (one.did === "save" && other.did === "save") {
      this.#note(at, statesDiffer(one.bytes, other.bytes, this.#saved));
      this.#note(at, this.#larger(one.bytes.length, other.bytes.length));
      if (this.options.carries && !this.over && !sameSaved(one, other)) this.#carry(at, one.bytes, other.bytes);
    } else if (one.did === "restore" && other.did === "restore" && line.e === "restore") {
      const about = line.damage === undefined ? "a saved state" : "a damaged state";
      const [from, to] = [one.result.kind, other.result.kind];
      if (from !== to) this.#note(at, { kind: "restore", about, how: `${from} → ${to}`, ...said(one, other) });
    }
  }

  // What tells two answers apart may be that a session is over for the one and not for the other.
  #expiry(at: At): Finding | undefined {
    const one = this.#baseline.look(at);
    const other = this.#candidate.look(at);
    if (one === undefined || other === undefined) return undefined;
    const finding = statesDiffer(one, other, this.#observed);
    return finding?.kind === "expiry" ? finding : undefined;
  }

  #larger(one: number, other: number): Finding | undefined {
    if (other <= one * this.options.sizeBound + GRANTED_BYTES) return undefined;
    const how = `more than ${this.options.sizeBound} times the bytes`;
    return { kind: "cost", about: "size of a saved state", how, baseline: `${one} bytes`, candidate: `${other} bytes` };
  }

  #touched(at: At, one: Outcome, other: Outcome): void {
    if (one.touched === other.touched) return;
    for (const source of other.touched) {
      if (one.touched.includes(source)) continue;
      const how = `the candidate touches ${source}`;
      this.#note(at, {
        kind: "ambient",
        about: at.e,
        how,
        baseline: "touches nothing",
        candidate: `touches ${source}`,
      });
    }
    for (const source of one.touched) {
      if (other.touched.includes(source)) continue;
      const how = `the baseline touches ${source}`;
      this.#note(at, {
        kind: "ambient",
        about: at.e,
        how,
        baseline: `touches ${source}`,
        candidate: "touches nothing",
      });
    }
  }

  #broke(at: At, line: EventLine, one: Outcome, other: Outcome): void {
    if (one.did === "broke" && other.did === "broke") return;
    const survivor = one.did === "broke" ? other : one;
    const about =
      survivor.did === "apply"
        ? this.#labels.entry(at.partition, survivor.entry)
        : line.e === "answer"
          ? this.#labels.query(at.partition, line.input)
          : line.e;
    const how =
      one.did === "broke" ? `the baseline ${one.how}` : other.did === "broke" ? `the candidate ${other.how}` : "";
    this.#note(at, { kind: "broke", about, how: how.replace(/silent$/, "went silent"), ...said(one, other) });
  }

  #carry(at: At, one: Uint8Array, other: Uint8Array): void {
    this.#carryInto("forward", this.#candidate, at, one, this.#baseline);
    this.#carryInto("back", this.#baseline, at, other, this.#candidate);
  }

  #carryInto(kind: Followed["kind"], into: Player, at: At, bytes: Uint8Array, from: Player): void {
    const { outcome, machine } = into.carry(bytes);
    const whose = kind === "forward" ? "what the baseline saved" : "what the candidate saved";
    if (outcome.did === "restore" && outcome.result.kind === "restored") {
      const differs = this.#carriedDiffers(at, into, from, machine);
      if (differs !== undefined) this.#note(at, asCarried(kind, differs));
      this.#followed.push({ kind, machine, replica: `${at.partition}.${at.replica}`, left: FOLLOWED_FOR });
      this.#followed = this.#followed.slice(-2 * FOLLOWED_AT_ONCE);
      return;
    }
    const how = outcome.did === "broke" ? `it ${outcome.how}` : "refused";
    const says = outcome.did === "broke" ? outcome.message : reasonIn(outcome);
    const words = { baseline: `${whose}: ${bytes.length} bytes`, candidate: says };
    const [baseline, candidate] =
      kind === "forward" ? [words.baseline, words.candidate] : [words.candidate, words.baseline];
    this.#note(at, { kind, about: whose, how, baseline, candidate });
  }

  // That the other's state is another is known already; what is looked for is what was lost on the way.
  #carriedDiffers(at: At, into: Player, from: Player, machine: Carried): Finding | undefined {
    const [own, theirs, got] = [into.look(at), from.look(at), machine.look()];
    if (got.did !== "observe" || own === undefined || theirs === undefined) return undefined;
    const differs = statesDiffer(own, got.bytes, this.#observed);
    const direct = statesDiffer(own, theirs, this.#observed);
    return differs?.kind === direct?.kind && differs?.about === direct?.about ? undefined : differs;
  }

  // Whoever went on from the other's state answers as it would have from its own.
  #follow(at: At, one: Outcome, other: Outcome): void {
    if (one.did !== "apply" || other.did !== "apply") return;
    const name = `${at.partition}.${at.replica}`;
    this.#followed = this.#followed.filter((each) => {
      if (each.replica !== name) return true;
      const own = each.kind === "forward" ? other.applied : one.applied;
      const got = each.machine.apply(one.entry);
      const about = this.#labels.entry(at.partition, one.entry);
      if (got.did === "apply" && sameApplied(own, got.applied)) return --each.left > 0;
      const differs =
        got.did === "apply"
          ? appliedDiffer(own, got.applied, about, (emission) => this.#labels.emission(at.partition, emission))
          : { kind: "broke" as const, about, how: "", baseline: "an answer", candidate: "broke" };
      if (differs !== undefined) this.#note(at, asCarried(each.kind, differs));
      return false;
    });
  }

  #forget({ partition, replica }: Pick<ReplicaLine, "partition" | "replica">): void {
    if (this.#followed.length === 0) return;
    this.#followed = this.#followed.filter((each) => each.replica !== `${partition}.${replica}`);
  }

  #note({ partition, replica, index }: At, finding: Finding | undefined): void {
    if (finding === undefined || this.over) return;
    const fingerprint = fingerprintOf(finding);
    if (this.options.accepted(fingerprint)) {
      this.#accepted.set(fingerprint, (this.#accepted.get(fingerprint) ?? 0) + 1);
      return;
    }
    if (this.#found.has(finding.kind)) return;
    this.#found.set(finding.kind, { ...finding, fingerprint, partition, replica, index, call: this.#call });
    if (isVisible(finding.kind)) this.over = true;
  }
}

interface At {
  readonly e: EventLine["e"];
  readonly partition: number;
  readonly replica: number;
  readonly index: bigint;
}

function sameSaved(one: Outcome, other: Outcome): boolean {
  if (one.did !== "save" || other.did !== "save") return true;
  return one.bytes.length === other.bytes.length && one.bytes.every((byte, at) => byte === other.bytes[at]);
}

function asCarried(kind: Followed["kind"], finding: Finding): Finding {
  return { ...finding, kind, about: `${finding.kind}: ${finding.about}` };
}

function reasonIn(outcome: Outcome): string {
  return outcome.did === "restore" && outcome.result.kind === "refused"
    ? `refused: ${outcome.result.message}`
    : "refused";
}

function said(one: Outcome, other: Outcome): Pick<Finding, "baseline" | "candidate"> {
  const words = (outcome: Outcome): string => {
    if (outcome.did === "broke") return `${outcome.how}: ${outcome.message.split("\n")[0] ?? ""}`;
    if (outcome.did === "restore") return outcome.result.kind === "restored" ? "restored" : reasonIn(outcome);
    return "an answer";
  };
  return { baseline: words(one), candidate: words(other) };
}
