// The judge: sees the lines of a run as they come and says what they come to. It never sees a machine, only its answers.
// One court a partition judges replicas; clients, endings and the registry are judged over all partitions.
import type { EndLine, EventLine, HeaderLine } from "../trace/line.js";
import { catalogue } from "./catalogue.js";
import { Clients, type Disputed } from "./clients.js";
import { Court } from "./court.js";
import { Histories, type Searched } from "./histories.js";
import { Endings } from "./endings.js";
import { Enquiry } from "./enquiry.js";
import { ambient, sameSeed } from "./invariants/determinism.js";
import { linearizableIn } from "./invariants/services.js";
import { Ledger } from "./ledger.js";
import { Milestones } from "./milestones.js";
import { models } from "./models/registry.js";
import type { ModelRegistry } from "./models/service.js";
import type { Property } from "./property.js";
import { type OwnProperty, Watches } from "./own-property.js";
import { RegistryWatch } from "./registry-watch.js";
import { Sight } from "./sight.js";
import type { Judgement, PropertyResult, Witness } from "./verdict.js";

/** How the judge is to judge. Everything has a default. */
export interface JudgeOptions {
  /** Names of the properties to judge; absent: all. */
  readonly properties?: readonly string[];
  /** Models of services; absent: those of the six services. */
  readonly models?: ModelRegistry;
  /** Properties of a user's own, judged beside those of the catalogue. */
  readonly ownProperties?: readonly OwnProperty[];
  /** Whether traps for clocks, randomness and timers are set while the machine runs. Without: determinism/ambient is not judged. */
  readonly traps?: boolean;
  /**
   * Whether the search for a legal order is asked: "disputed": where an answer has no place in the log's own order;
   * "always": of every service, by itself; "never". Absent: always on every 20th seed, else disputed.
   */
  readonly search?: "always" | "disputed" | "never";
  /** Whether the judgement tells which entries came to sessions in which state under which fault. Costs a little. */
  readonly pairs?: boolean;
}

/** A run's judge. */
export interface Judge {
  /** The next line. The header is line 1, the first line seen here is line 2. */
  see(line: EventLine | EndLine): void;
  /** Whether any property is broken by now. */
  readonly broken: boolean;
  /** What the run came to. Called once, after the last line. */
  finish(): Judgement;
}

/** A judge for the run that `header` opens. */
export function createJudge(header: HeaderLine, options: JudgeOptions = {}): Judge {
  return new RunJudge(header, options);
}

class RunJudge implements Judge {
  readonly #ledger: Ledger;
  readonly #milestones: Milestones;
  readonly #courts = new Map<number, Court>();
  readonly #sights = new Map<number, Sight>();
  readonly #enquiries: Enquiry[] = [];
  readonly #clients: Clients;
  readonly #endings: Endings;
  readonly #registry: RegistryWatch;
  readonly #watches: Watches | null;
  readonly #linearizable: ReadonlyMap<string, Property>;
  readonly #traps: boolean;
  readonly #search: "always" | "disputed" | "never";
  readonly #histories: Histories | null;
  readonly #disputed: Disputed[] = [];
  #line = 1;
  #t = 0;
  #applied = 0;

  constructor({ terms, seed }: HeaderLine, options: JudgeOptions) {
    this.#milestones = new Milestones(options.pairs === true);
    const { ownProperties = [], models: kinds = models } = options;
    this.#linearizable = linearizableIn(kinds);
    const ownClaims = [...this.#linearizable.values()].filter((property) => !catalogue.includes(property));
    this.#ledger = new Ledger(options.properties, [...ownClaims, ...ownProperties]);
    const lacks = (property: Property, needs: readonly string[]): boolean => {
      if (needs.length === 0 || needs.some((kind) => terms.machine.capabilities.services.includes(kind))) return false;
      this.#ledger.lacks(property, `the machine has no ${needs.join(" and no ")}`);
      return true;
    };
    for (const property of [...catalogue, ...ownClaims]) {
      lacks(property, NEEDS[property.name.split("/")[0] ?? ""] ?? linearizableKind(property.name));
    }
    const watched = ownProperties.filter((each) => this.#ledger.asks(each) && !lacks(each, each.needs));
    this.#watches = watched.length === 0 ? null : new Watches(watched, this.#ledger);
    this.#traps = options.traps === true;
    this.#search = options.search ?? (isSearched(seed) ? "always" : "disputed");
    this.#histories = this.#search === "never" ? null : new Histories(kinds);
    const { capabilities } = terms.machine;
    for (const { partition, replicas } of terms.partitions) {
      const court = new Court(replicas, capabilities, this.#ledger, kinds, this.#milestones);
      this.#courts.set(partition, court);
      this.#sights.set(partition, new Sight(court));
      this.#enquiries[partition] = new Enquiry(court);
    }
    this.#clients = new Clients(this.#ledger, this.#courts, this.#linearizable, (disputed) =>
      this.#disputed.push(disputed),
    );
    this.#endings = new Endings(this.#ledger, this.#clients, terms.livenessBound);
    this.#registry = new RegistryWatch(this.#ledger);
  }

  get broken(): boolean {
    return this.#ledger.broken;
  }

  see(line: EventLine | EndLine): void {
    const at = ++this.#line;
    if (line.t > this.#t) this.#timePasses(line.t, at);
    if (line.e !== "end") this.#watches?.line(line, at);
    switch (line.e) {
      case "send":
      case "deliver":
        return;
      case "apply": {
        const enquiry = this.#enquiryOf(line.partition);
        if (enquiry.owing) enquiry.settle(line.t, line.replica, at);
        this.#applied++;
        this.#courtOf(line.partition).apply(line, at);
        this.#registry.stands(line.partition, line.replica, line.index, line.t);
        enquiry.reached(line.replica, line.index, line.t, at);
        return;
      }
      case "commit": {
        const step = this.#courtOf(line.partition).commit(line, at);
        this.#histories?.committed(line.partition, step, at);
        for (const grave of step.ended) this.#registry.ended(line.partition, grave, at);
        return;
      }
      case "observe": {
        const seen = this.#sights.get(line.partition)?.see(line, at) ?? null;
        if (seen !== null) this.#watches?.state(seen.state, line, at);
        if (seen !== null && line.why === "end") this.#endings.saw(seen, line.partition, at);
        return;
      }
      case "save": {
        const court = this.#courtOf(line.partition);
        const seen = this.#sights.get(line.partition)?.see(line, at) ?? null;
        if (seen !== null) this.#watches?.state(seen.state, line, at);
        court.saved(line.snapshot, line.index, court.stand(line.replica), at);
        return;
      }
      case "restore": {
        const enquiry = this.#enquiryOf(line.partition);
        if (enquiry.owing) enquiry.settle(line.t, line.replica, at);
        this.#courtOf(line.partition).restore(line, at);
        if (line.result.kind !== "restored") return;
        this.#registry.stands(line.partition, line.replica, line.index, line.t);
        enquiry.reached(line.replica, line.index, line.t, at);
        return;
      }
      case "replica":
        if (line.change === "crash" || line.change === "restart") this.#enquiryOf(line.partition).lost(line.replica);
        this.#registry.replica(line);
        return this.#courtOf(line.partition).replica(line);
      case "broke":
        this.#enquiryOf(line.partition).lost(line.replica);
        this.#endings.giveUp("a machine broke");
        return this.#courtOf(line.partition).broke(line, at);
      case "query":
        return this.#enquiryOf(line.partition).asked(line, at);
      case "answer":
        this.#clients.answer(line);
        return this.#enquiryOf(line.partition).answer(line, at);
      case "invoke":
        this.#histories?.invoke(line, at);
        return this.#clients.invoke(line, at);
      case "return": {
        const operation = this.#clients.returned(line, at);
        if (operation === undefined) return;
        this.#histories?.returned(operation.invoke, line, at);
        return this.#endings.returned(line.t, operation.at, at);
      }
      case "receive":
        return this.#clients.receive(line, at);
      case "keep-alive":
        this.#milestones.said(line);
        return this.#clients.keepAlive(line, at);
      case "client-error":
        return this.#clients.error(line, at);
      case "session":
        if (line.change === "crashed") this.#clients.crashed(line);
        this.#clients.session(line);
        return this.#endings.session(line);
      case "registry":
        return this.#registry.changed(line, at);
      case "fault":
        return this.#milestones.fault(line);
      case "phase":
        return this.#endings.phase(line, at);
      case "ambient": {
        const finding = { says: `the machine touched ${line.source}`, expected: "nothing ambient", got: line.source };
        return this.#ledger.breaks(ambient, finding, [at], "apply");
      }
      default:
        return;
    }
  }

  // An answer that is owed is owed in this very step.
  #timePasses(t: number, at: number): void {
    this.#t = t;
    for (const enquiry of this.#enquiries) if (enquiry?.owing === true) enquiry.settle(t, null, at);
    if (this.#registry.nextDue < t) this.#registry.passed(t, at);
  }

  // The log's order is one candidate. Where an answer has no place in it, the search says whether clients could tell.
  #settle(): void {
    const searched = new Map<string, Searched>();
    const search = (name: string): Searched => {
      const found = searched.get(name) ?? this.#histories?.search(name) ?? NOT_SEARCHED;
      searched.set(name, found);
      return found;
    };
    for (const { kind, partition, service, lines, says, entry, expected, got } of this.#disputed) {
      const property = this.#linearizable.get(kind);
      if (property === undefined) continue;
      const { verdict, reason } = search(`${partition}/${service}`);
      if (verdict === "illegal") this.#ledger.breaks(property, { says, expected, got }, lines, entry);
      if (verdict === "undecided") this.#ledger.leavesOpen(property, `${says}; ${reason ?? "not searched"}`);
    }
    if (this.#search !== "always" || this.#histories === null) return;
    for (const { name, kind } of this.#histories.services()) {
      const property = this.#linearizable.get(kind);
      if (property === undefined || searched.has(name)) continue;
      const { verdict, lines } = search(name);
      if (verdict === "legal") this.#ledger.of(property).judged++;
      if (verdict !== "illegal") continue;
      const says = `no order of what clients saw of this ${kind} is legal, while the log's order was not disputed`;
      this.#ledger.breaks(property, { says, expected: "a legal order", got: "none" }, lines(), `history ${kind}`);
    }
  }

  #courtOf(partition: number): Court {
    return this.#courts.get(partition) as Court;
  }

  #enquiryOf(partition: number): Enquiry {
    return this.#enquiries[partition] as Enquiry;
  }

  finish(): Judgement {
    for (const court of this.#courts.values()) court.finish();
    for (const sight of this.#sights.values()) sight.finish();
    this.#registry.finish();
    this.#watches?.end();
    this.#settle();
    if (this.#traps) this.#ledger.of(ambient).judged += this.#applied;
    else this.#ledger.lacks(ambient, "no traps were set");
    this.#ledger.lacks(sameSeed, "the seed was played once");
    const kinds = new Set<string>();
    for (const { model } of this.#courts.values())
      for (const { spec } of model.services.values()) kinds.add(spec.service);
    const reached = this.#milestones.reached(kinds);
    const { pairs } = this.#milestones;
    return { properties: this.#ledger.results(), first: this.#ledger.first, reached, ...(pairs && { pairs }) };
  }
}

/** Kinds of service of which a room's properties need one. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  lock: ["lock"],
  election: ["election"],
  ttl: ["value", "map"],
  events: ["value", "map", "set", "election"],
};

const linearizableKind = (name: string): readonly string[] =>
  name.startsWith("linearizable/") ? [name.slice("linearizable/".length)] : [];

const NOT_SEARCHED: Searched = { verdict: "illegal", lines: () => [] };

/** Every 20th seed is searched, so that the search and the log's own order are seen to agree. */
const isSearched = (seed: string | null): boolean =>
  seed !== null && /^[0-9]+$/.test(seed) && BigInt(seed) % 20n === 0n;

/** What playing a seed again showed: whether the traces are the same, and if not, the first line that differs. */
export interface PlayedAgain {
  /** How often it was played again. */
  readonly times: number;
  readonly differs: { readonly line: number; readonly says: string } | null;
}

/** The judgement with determinism/same-seed judged by the result of playing again. */
export function withSameSeed(judgement: Judgement, { times, differs }: PlayedAgain): Judgement {
  const witness: Witness | null =
    differs === null
      ? null
      : {
          property: sameSeed.name,
          lines: [differs.line],
          says: differs.says,
          entry: "trace",
          expected: "the same trace",
          got: "another",
        };
  const result: PropertyResult = {
    property: sameSeed.name,
    verdict: witness === null ? "holds" : "broken",
    judged: times,
    broken: witness === null ? 0 : 1,
    undecided: 0,
    notJudged: 0,
    witnesses: witness === null ? [] : [witness],
  };
  const properties = judgement.properties.map((each) => (each.property === sameSeed.name ? result : each));
  return { ...judgement, properties, first: judgement.first ?? witness };
}
