// The registry as a listener of a run: hears what clients and their supervisor know of uses and sessions, and answers
// with the registry's changes as lines. It never looks at anything else of a run. SPEC 4.
import type { Micros } from "../base/time.js";
import { SessionId } from "../protocol/words.js";
import type { RegistryLine, SessionLine, UseLine } from "../trace/line.js";
import { sessionIdOf, sessionSpecOf } from "./identity.js";
import { type Change, type Labels, type Life, type Outcome, Registry } from "./registry.js";
import type { RegistryParts, Report } from "./states.js";

/** What a run tells its registry of, and what it hears back. */
export interface SessionListener {
  /** What came about; usually one line, none where the news was old, several where a new use replaces an old one. */
  heard(line: UseLine | SessionLine): readonly RegistryLine[];
  /** Time has come to `now`: what has been CLOSED for long enough is compacted. */
  tick(now: Micros): readonly RegistryLine[];
}

/** A registry of its own, put together from `parts`, that listens. */
export function createSessionListener(parts?: RegistryParts): SessionListener {
  const ear = new Ear(new Registry(parts));
  return { heard: (line) => ear.heard(line), tick: (now) => ear.tick(now) };
}

class Ear {
  readonly #registry: Registry;
  /** The time-out that a client's latest session with a partition was asked for with. Nanoseconds. */
  readonly #timeouts = new Map<string, bigint>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  heard(line: UseLine | SessionLine): readonly RegistryLine[] {
    const compacted = this.tick(line.t);
    const changes = line.e === "use" ? changesOf(this.#use(line)) : this.#session(line);
    if (changes.length === 0) return compacted;
    const lines = changes.map((change) => toLine(change, line.t));
    return compacted.length === 0 ? lines : [...compacted, ...lines];
  }

  tick(now: Micros): readonly RegistryLine[] {
    const changes = this.#registry.compact(now);
    return changes.length === 0 ? NO_LINES : changes.map((change) => toLine(change, now));
  }

  #use(line: UseLine): Outcome {
    const id = sessionIdOf(line.client, line.spec);
    const life: Life = { incarnation: line.incarnation, session: line.session };
    if (line.change === "opening") {
      const spec = sessionSpecOf(line.spec, this.#timeouts.get(timeoutKey(line)));
      return this.#registry.open(id, life, spec, openLabels(line), line.t);
    }
    return this.#registry.report(id, life, line.change, reportLabels(line.change, line.service), line.t);
  }

  #session(line: SessionLine): readonly Change[] {
    switch (line.change) {
      case "opening":
        if (line.timeout !== undefined) this.#timeouts.set(timeoutKey(line), line.timeout);
        return NO_CHANGES;
      case "closing":
      case "closed":
      case "lost": {
        const partition = String(line.partition);
        return this.#registry.reportAll(
          (entry) => entry.meta?.id?.name === line.client && entry.meta.labels.get("partition") === partition,
          { incarnation: line.incarnation, session: line.session },
          line.change,
          reportLabels(line.change, undefined),
          line.t,
        );
      }
      // An opened session uses nothing yet; a crash is what nobody knows but the client, which is no more.
      case "opened":
      case "crashed":
        return NO_CHANGES;
    }
  }
}

const NO_CHANGES: readonly Change[] = [];
const NO_LINES: readonly RegistryLine[] = [];

function changesOf(outcome: Outcome): readonly Change[] {
  return outcome.kind === "changed" ? outcome.changes : NO_CHANGES;
}

function timeoutKey(line: UseLine | SessionLine): string {
  return `${line.partition}/${line.incarnation}/${line.client}`;
}

function openLabels(line: UseLine): Labels {
  const labels: Record<string, string> = {
    incarnation: String(line.incarnation),
    partition: String(line.partition),
  };
  if (line.session !== undefined) labels["session"] = String(line.session);
  return labels;
}

function reportLabels(report: Report, service: bigint | undefined): Labels {
  if (report === "closed" || report === "lost") return { ended: report };
  return report === "opened" && service !== undefined ? { service: String(service) } : NO_LABELS;
}

const NO_LABELS: Labels = {};

function toLine(change: Change, t: Micros): RegistryLine {
  const { version, entry, life } = change;
  const partition = Number(entry.meta?.labels.get("partition"));
  if (life.session === undefined) {
    return { e: "registry", t, change: change.change, version, entry, partition };
  }
  const session = SessionId(life.session);
  return { e: "registry", t, change: change.change, version, entry, partition, session };
}
