// Properties of a user's own: each watches a run for itself, sees its lines and the states that replicas show, and says what
// it judged. Its counts and witnesses stand in the ledger beside those of the catalogue, and in every report.
import { UsageError } from "../base/usage-error.js";
import { isTimestampInRange, toNanos } from "../base/time.js";
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { UnfitError } from "../protocol/machine-errors.js";
import type { EventLine, ObserveLine, SaveLine } from "../trace/line.js";
import { catalogue } from "./catalogue.js";
import type { Ledger } from "./ledger.js";
import type { Mode, Property } from "./property.js";

/** What broke a claim. The shapes, without ids or counts, make the fingerprint by which failures are told apart. */
export interface Breach {
  /** One sentence: what was expected, what was seen. */
  readonly says: string;
  /** What was expected, as a shape. Default: "the claim". */
  readonly expected?: string;
  /** What was seen, as a shape. Default: "otherwise". */
  readonly got?: string;
  /** Lines that belong to the witness beside the one at hand, by their numbers. */
  readonly lines?: readonly number[];
}

/** How a property says what it found. */
export interface Findings {
  /** It had something to judge. Said before `breaks`, too: a property that never judged anything has proved nothing. */
  judged(): void;
  /** The claim is broken at the line at hand. */
  breaks(breach: Breach): void;
  /** It had something to judge, and lacked what that takes. */
  lacks(reason: string): void;
}

/** A service in a state that a replica showed. */
export interface ServiceReading {
  readonly id: bigint;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Ids of the sessions that have it open. */
  readonly sessions: readonly bigint[];
  /** What the service saved. */
  readonly data: Uint8Array;
}

/** A state that a replica showed, when it was observed or saved: its own word, which may be wrong. */
export interface StateReading {
  /** The number of the line that shows it. */
  readonly at: number;
  readonly line: ObserveLine | SaveLine;
  /** Log time, in nanoseconds; null where the state has none. */
  readonly time: bigint | null;
  /** Ids of the sessions that live in it. */
  readonly sessions: ReadonlySet<bigint>;
  /** The services of that kind. */
  services(kind: string): readonly ServiceReading[];
  /** The whole state. */
  readonly state: PartitionSnapshot;
}

/** What a property looks at in one run. Made anew for each run, so that it may keep what it saw. */
export interface Watch {
  /** Each line of the run. `at`: its number in the trace; the header is line 1. */
  line?(line: EventLine, at: number): void;
  /** Each state that a replica showed and that can be read. */
  state?(reading: StateReading): void;
  /** The run is over. */
  end?(): void;
}

/** A property of a user's own. */
export interface OwnProperty extends Property {
  /** Kinds of service of which the machine must have one; else it is not judged. */
  readonly needs: readonly string[];
  watch(findings: Findings): Watch;
}

/** What a property of a user's own says of itself. */
export interface PropertyDefinition {
  /** "<subject>/<claim>", as reports, --property and --known files name it. */
  readonly name: string;
  /** always, never: judged wherever it applies; eventually: when the run ends. Default: always. */
  readonly mode?: Exclude<Mode, "sometimes">;
  /** What must hold, as one sentence. */
  readonly claim: string;
  /** What one judgement is: the unit of the counts. Default: "one thing that it looked at". */
  readonly judgement?: string;
  /** Which lines a witness names. Default: "the line that shows it". */
  readonly witness?: string;
  readonly needs?: readonly string[];
  /** Begins to watch a run. */
  watch(findings: Findings): Watch;
}

/**
 * A property: a claim about every run, judged beside those of the catalogue.
 *
 *     const sizeKnown = defineProperty({
 *       name: "queue/size-bounded",
 *       claim: "No queue holds more than a hundred items.",
 *       needs: ["queue"],
 *       watch: ({ judged, breaks }) => ({
 *         state(reading) {
 *           for (const queue of reading.services("queue")) {
 *             judged();
 *             const { length } = itemsOf(queue.data);
 *             if (length > 100) breaks({ says: `the queue ${queue.name} holds ${length} items`, got: "a longer queue" });
 *           }
 *         },
 *       }),
 *     });
 */
export function defineProperty(definition: PropertyDefinition): OwnProperty {
  const { name, claim } = definition;
  if (!/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(`the property's name "${name}"`, "Write subject and claim: semaphore/within-cap.");
  }
  if (catalogue.some((one) => one.name === name) || name.startsWith("linearizable/")) {
    throw new UsageError(`there is a property ${name} already`, "Choose another name.");
  }
  if (claim === "") throw new UsageError(`the property ${name} claims nothing`);
  return {
    mode: "always",
    section: "of the user's own",
    judgement: "one thing that it looked at",
    witness: "the line that shows it",
    needs: [],
    ...definition,
  };
}

/** The watches of one run. */
export class Watches {
  readonly #watches: readonly { readonly name: string; readonly watch: Watch }[];
  #at = 1;
  #entry = "run";

  constructor(properties: readonly OwnProperty[], ledger: Ledger) {
    this.#watches = properties.map((property) => {
      const tally = ledger.of(property);
      const findings: Findings = {
        judged: () => void tally.judged++,
        breaks: ({ expected = "the claim", got = "otherwise", says, lines = [] }) => {
          ledger.breaks(property, { says, expected, got }, [...lines, this.#at], this.#entry);
        },
        lacks: (reason) => ledger.lacks(property, reason),
      };
      return { name: property.name, watch: this.#guarded(property.name, () => property.watch(findings)) };
    });
  }

  line(line: EventLine, at: number): void {
    this.#at = at;
    this.#entry = line.e;
    for (const { name, watch } of this.#watches) this.#guarded(name, () => watch.line?.(line, at));
  }

  state(state: PartitionSnapshot, line: ObserveLine | SaveLine, at: number): void {
    const reading = readingOf(state, line, at);
    this.#at = at;
    this.#entry = "state";
    for (const { name, watch } of this.#watches) this.#guarded(name, () => watch.state?.(reading));
  }

  end(): void {
    this.#entry = "end";
    for (const { name, watch } of this.#watches) this.#guarded(name, () => watch.end?.());
  }

  // What a user's property throws is told as that, not as a defect of the judge.
  #guarded<Result>(name: string, look: () => Result): Result {
    try {
      return look();
    } catch (error) {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new UnfitError(`the property ${name} threw at line ${this.#at} of the run: ${what}`);
    }
  }
}

function readingOf(state: PartitionSnapshot, line: ObserveLine | SaveLine, at: number): StateReading {
  const { timestamp } = state;
  return {
    at,
    line,
    state,
    time: timestamp === undefined || !isTimestampInRange(timestamp) ? null : toNanos(timestamp),
    sessions: new Set(state.sessions.map(({ sessionId }) => sessionId)),
    services: (kind) =>
      state.services.flatMap(({ serviceId, spec, sessions, data }) =>
        spec?.service === kind
          ? [{ id: serviceId, kind, namespace: spec.namespace, name: spec.name, sessions, data }]
          : [],
      ),
  };
}
