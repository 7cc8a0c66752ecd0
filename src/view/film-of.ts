// Makes the film of a trace: the judge goes over its lines once more, and so do its models, and what they know at each entry
// is written down for the page. Stands between a trace and its picture; the browser computes nothing of this.
import { catalogue } from "../checker/catalogue.js";
import { createJudge } from "../checker/judge.js";
import { models } from "../checker/models/registry.js";
import type { ModelRegistry } from "../checker/models/service.js";
import type { OwnProperty } from "../checker/own-property.js";
import type { Judgement, Witness } from "../checker/verdict.js";
import { lineInWords } from "../replay/words.js";
import { linesOf, type Trace } from "../trace/file.js";
import type { EventLine, QueryLine } from "../trace/line.js";
import {
  type BrokenClaim,
  type EntryFacts,
  FILM_FORMAT,
  type QueryFacts,
  type RunFacts,
  type RunFilm,
} from "./film.js";
import { withInstants } from "./headlines.js";
import { Narrator } from "./narrator.js";
import { OrderFilm } from "./order-film.js";
import { PartitionFilm } from "./partition-film.js";

/** What may be known of a trace beside its lines. */
export interface FilmOptions {
  /** What the page is called; absent: the seed and the scenario. */
  readonly name?: string;
  /** What the failure is known by; absent: the first broken claim that the judge finds. */
  readonly witness?: Witness | null;
  /** Models of services; absent: those of the six services. */
  readonly models?: ModelRegistry;
  /** Properties of a user's own, judged and marked beside those of the catalogue. */
  readonly ownProperties?: readonly OwnProperty[];
}

/** A trace with all that its page needs. */
export function filmOf(trace: Trace, options: FilmOptions = {}): RunFilm {
  const kinds = options.models ?? models;
  const { header } = trace;
  const { ownProperties = [] } = options;
  const judgement = judged(trace, kinds, ownProperties);
  const claims = new Map([...catalogue, ...ownProperties].map(({ name, claim }) => [name, claim]));
  const narrator = new Narrator();
  const partitions = new Map(
    header.terms.partitions.map(({ partition }) => [
      partition,
      new PartitionFilm(partition, header.terms.machine.capabilities, kinds, narrator),
    ]),
  );
  const entries: EntryFacts[] = [];
  const queries: QueryFacts[] = [];
  const asked = new Map<string, number>();
  const words = [lineInWords(header)];
  const orders = new OrderFilm();
  for (const [place, line] of trace.events.entries()) {
    const at = place + 2;
    const film = "partition" in line ? partitions.get(line.partition) : undefined;
    take(line, at, film);
    orders.see(line, at);
    const entry = film !== undefined && "index" in line && line.index !== undefined ? film.wordsAt(line.index) : "";
    words.push(narrator.line(line, entry));
  }
  if (trace.end !== null) words.push(lineInWords(trace.end));

  function take(line: EventLine, at: number, film: PartitionFilm | undefined): void {
    if (film === undefined) return;
    if (line.e === "commit") {
      const { facts, step } = film.commit(line, at, entries.length);
      entries.push(facts);
      orders.committed(line.partition, step, at);
    } else if (line.e === "apply") film.apply(line, at);
    else if (line.e === "observe" || line.e === "save") film.observe(line, at);
    else if (line.e === "query") asked.set(queryName(line), at);
    else if (line.e === "answer") {
      const facts = film.answer(line, asked.get(queryName(line)) ?? at, at);
      if (facts !== null) queries.push(facts);
    }
  }

  const broken = judgement.properties.filter(({ verdict }) => verdict === "broken").map(({ property }) => property);
  const kindsInDispute = new Set(
    broken.flatMap((name) => (name.startsWith(SEARCHED) ? [name.slice(SEARCHED.length)] : [])),
  );
  const lives = [...partitions.values()].map((film) => film.lives);
  return {
    film: FILM_FORMAT,
    kind: "run",
    name: options.name ?? nameOf(trace),
    run: runFacts(trace),
    verdict: { broken: brokenClaims(judgement, claims, options.witness), properties: propertyFacts(judgement, claims) },
    words,
    entries,
    sessions: lives.flatMap((each) => each.sessions()),
    services: lives.flatMap((each) => each.services()),
    queries,
    orders: kindsInDispute.size === 0 ? [] : orders.illegal(kindsInDispute),
  };
}

const SEARCHED = "linearizable/";

const queryName = ({ partition, replica, query }: Pick<QueryLine, "partition" | "replica" | "query">): string =>
  `${partition}/${replica}/${query}`;

function judged(trace: Trace, kinds: ModelRegistry, ownProperties: readonly OwnProperty[]): Judgement {
  const judge = createJudge(trace.header, { models: kinds, ownProperties });
  for (const line of linesOf(trace)) if (line.e !== "header") judge.see(line);
  return judge.finish();
}

const nameOf = ({ header }: Trace): string =>
  header.seed === null ? `scenario ${header.scenario}` : `seed ${header.seed} of ${header.scenario}`;

// A plan that was made smaller keeps the numbers of the replicas that are left.
function replicasOf({ header, events }: Trace, partition: number, count: number): number[] {
  const plan = header.plan as { readonly partitions?: readonly PlannedPartition[] } | null;
  const planned = plan?.partitions
    ?.find((each) => each.partition === partition)
    ?.replicas?.map(({ replica }) => replica);
  const found = new Set(planned ?? []);
  for (const line of events) {
    if ("replica" in line && line.replica !== null && line.partition === partition && line.replica > 0)
      found.add(line.replica);
  }
  for (let replica = 1; found.size < count; replica++) found.add(replica);
  return [...found].sort((a, b) => a - b);
}

interface PlannedPartition {
  readonly partition: number;
  readonly replicas?: readonly { readonly replica: number }[];
}

function runFacts(trace: Trace): RunFacts {
  const { header } = trace;
  const { tool, version, seed, scenario, bug, terms, plan } = header;
  const most = (plan as { readonly network?: { readonly most?: unknown } } | null)?.network?.most;
  return {
    tool,
    version,
    seed,
    scenario,
    bug,
    machine: terms.machine.name,
    played: terms.played,
    partitions: terms.partitions.map(({ partition, replicas }) => ({
      partition,
      replicas: replicasOf(trace, partition, replicas),
    })),
    usualDelay: typeof most === "number" ? most : null,
  };
}

/** What each property claims, by name. */
type Claims = ReadonlyMap<string, string>;

function propertyFacts(judgement: Judgement, claims: Claims): RunFilm["verdict"]["properties"] {
  return judgement.properties.map(({ property, verdict, judged: times }) => ({
    property,
    verdict,
    judged: times,
    claim: claims.get(property) ?? "",
  }));
}

/** The one that the run is known by first, then the others, each property once, by the line that breaks it. */
function brokenClaims(judgement: Judgement, claims: Claims, known: Witness | null | undefined): BrokenClaim[] {
  const first = known ?? judgement.first;
  if (first === null) return [];
  const found = [brokenClaim(first, judgement, claims)];
  const others = judgement.properties
    .flatMap(({ witnesses }) => witnesses.slice(0, 1))
    .filter((witness) => witness.property !== first.property)
    .sort((a, b) => (a.lines.at(-1) ?? 0) - (b.lines.at(-1) ?? 0));
  for (const witness of others) found.push(brokenClaim(witness, judgement, claims));
  return found;
}

function brokenClaim(witness: Witness, judgement: Judgement, claims: Claims): BrokenClaim {
  const { property, says, expected, got, entry, lines } = witness;
  const times = judgement.properties.find((each) => each.property === property)?.broken ?? 1;
  return {
    property,
    claim: claims.get(property) ?? "",
    says: withInstants(says),
    expected,
    got,
    entry,
    lines,
    times: Math.max(times, 1),
  };
}
