// A run as the page knows it: the lines of the trace, the film beside them, and what hangs together – which line is about which
// entry, session, service, client. Everything that can be asked of a line is asked here; nothing is drawn.
import type { EntryFacts, QueryFacts, RunFilm, ServiceFacts, SessionFacts } from "../src/view/film.js";

/** A line as it stands in the trace. */
export interface TraceLine {
  readonly e: string;
  readonly t: number;
  readonly partition?: number;
  readonly replica?: number | null;
  readonly client?: string;
  readonly incarnation?: number;
  readonly index?: string;
  readonly session?: string;
  readonly service?: string;
  readonly message?: string;
  readonly from?: string;
  readonly to?: string;
  readonly what?: string;
  readonly arrives?: readonly number[];
  readonly by?: string;
  readonly dropped?: string;
  readonly origin?: string;
  readonly fault?: string;
  readonly change?: string;
  readonly phase?: string;
  readonly term?: number;
  readonly op?: number;
  readonly operation?: string;
  readonly outcome?: string;
  readonly status?: string;
  readonly command?: string;
  readonly spec?: { readonly service?: string; readonly name?: string };
  readonly result?: { readonly kind: string };
  readonly input?: {
    readonly sessionQuery?: { readonly sessionId?: string; readonly serviceQuery?: { readonly serviceId?: string } };
  };
}

/** What a line is about. Sessions and services are named "partition/id", clients "c1.0". */
export interface Tags {
  partition: number;
  session: string;
  service: string;
  client: string;
  fault: string;
  /** The place of its entry in the film; -1 where it is about none. */
  entry: number;
}

/** A fault as the plan has it. */
interface PlannedFault {
  readonly id: string;
  readonly partition?: number;
  readonly replica?: number;
  readonly client?: string;
}

const NO_LINE: TraceLine = { e: "none", t: 0 };

export class Run {
  readonly film: RunFilm;
  /** The text of every line; line n at place n - 1. */
  readonly texts: readonly string[];
  /** Line n at place n - 1; the header and the end stand there, too. */
  readonly lines: readonly TraceLine[];
  readonly tags: readonly Tags[];
  readonly sessions = new Map<string, SessionFacts>();
  readonly services = new Map<string, ServiceFacts>();
  readonly queries = new Map<number, QueryFacts>();
  readonly faults = new Map<string, PlannedFault>();
  /** Places of a partition's entries, in order. */
  readonly entriesOf = new Map<number, number[]>();
  /** The instant at which the run ends. */
  readonly end: number;
  readonly #byIndex = new Map<string, number>();

  constructor(film: RunFilm, trace: string) {
    this.film = film;
    this.texts = trace.split("\n").filter((text) => text !== "");
    const lines = this.texts.map((text) => JSON.parse(text) as TraceLine);
    if (lines[0] !== undefined) lines[0] = { ...lines[0], t: 0 };
    this.lines = lines;
    this.end = this.lines.at(-1)?.t ?? 0;
    for (const session of film.sessions) this.sessions.set(`${session.partition}/${session.id}`, session);
    for (const service of film.services) this.services.set(`${service.partition}/${service.id}`, service);
    for (const query of film.queries) {
      this.queries.set(query.line, query);
      this.queries.set(query.asked, query);
    }
    film.entries.forEach((entry, place) => {
      this.#byIndex.set(`${entry.partition}:${entry.index}`, place);
      const places = this.entriesOf.get(entry.partition);
      if (places === undefined) this.entriesOf.set(entry.partition, [place]);
      else places.push(place);
    });
    const plan = (lines[0] as { plan?: { faults?: readonly PlannedFault[] } } | undefined)?.plan;
    for (const fault of plan?.faults ?? []) this.faults.set(fault.id, fault);
    this.tags = this.#tagAll();
  }

  line(number: number): TraceLine {
    return this.lines[number - 1] ?? NO_LINE;
  }

  tag(number: number): Tags | undefined {
    return this.tags[number - 1];
  }

  words(number: number): string {
    return this.film.words[number - 1] ?? "";
  }

  entry(place: number): EntryFacts | undefined {
    return this.film.entries[place];
  }

  /** The instant at which an entry was committed. */
  entryTime(place: number): number {
    const line = this.film.entries[place]?.line;
    return line === undefined ? 0 : this.line(line).t;
  }

  entryAt(partition: number, index: string): number {
    return this.#byIndex.get(`${partition}:${index}`) ?? -1;
  }

  /** "session 5 (c2.0)". */
  sessionName(key: string): string {
    const session = this.sessions.get(key);
    if (session === undefined) return `session ${key.split("/")[1] ?? "?"}`;
    return session.client === "" ? `session ${session.id}` : `session ${session.id} (${session.client})`;
  }

  // Messages know neither session nor index: they are traced by their names, which begin with what brought them about.
  #tagAll(): Tags[] {
    const byOrigin = new Map<string, number>();
    const byOpening = new Map<string, string>();
    this.film.entries.forEach((entry, place) => {
      const origin = this.line(entry.line).origin ?? "";
      if (!byOrigin.has(origin)) byOrigin.set(origin, place);
      const opening = /^(.*)\/open(?:\/try\d+)?$/.exec(origin)?.[1];
      if (opening !== undefined && entry.label === "open session")
        byOpening.set(opening, `${entry.partition}/${entry.index}`);
    });
    const byOperation = new Map<string, { session: string; service: string }>();
    for (const line of this.lines) {
      if (line.e !== "invoke") continue;
      const { partition, session, service } = line;
      byOperation.set(`${line.client}.${line.incarnation}/op${line.op}`, {
        session: `${partition}/${session}`,
        service: `${partition}/${service}`,
      });
    }
    const ofMessage = (message: string, tags: Tags): void => {
      const whole = message.replace(/\/(reply|answer|redirect|output \d+)$/, "");
      const base = whole.replace(/~\d+$/, "");
      const place = byOrigin.get(whole) ?? byOrigin.get(base);
      tags.client = base.split("/")[0] ?? "";
      tags.partition = Number(/\/p(\d+)[.@/]/.exec(`/${base}/`)?.[1] ?? 0);
      if (place !== undefined) return this.#ofEntry(place, tags);
      const operation = byOperation.get(base.split("/").slice(0, 2).join("/"));
      if (operation !== undefined) {
        tags.session = operation.session;
        tags.service = operation.service;
        tags.partition = Number(operation.session.split("/")[0]);
      } else tags.session = byOpening.get(base.split("/").slice(0, 2).join("/")) ?? "";
    };
    return this.lines.map((line) => this.#tagsOf(line, ofMessage));
  }

  #ofEntry(place: number, tags: Tags): void {
    const entry = this.film.entries[place];
    if (entry === undefined) return;
    tags.entry = place;
    tags.partition = entry.partition;
    if (entry.session !== undefined) tags.session = `${entry.partition}/${entry.session}`;
    if (entry.label === "open session") tags.session = `${entry.partition}/${entry.index}`;
    if (entry.service !== undefined) tags.service = `${entry.partition}/${entry.service}`;
    if (tags.client === "") tags.client = this.sessions.get(tags.session)?.client ?? "";
  }

  #tagsOf(line: TraceLine, ofMessage: (message: string, tags: Tags) => void): Tags {
    const { partition = 0 } = line;
    const tags: Tags = {
      partition,
      session: "",
      service: "",
      client: "",
      fault: line.fault ?? line.by ?? "",
      entry: -1,
    };
    if (line.client !== undefined) tags.client = `${line.client}.${line.incarnation}`;
    if (line.session !== undefined) tags.session = `${partition}/${line.session}`;
    if (line.service !== undefined) tags.service = `${partition}/${line.service}`;
    if (line.message !== undefined) ofMessage(line.message, tags);
    const query = line.input?.sessionQuery;
    if ((line.e === "query" || line.e === "answer") && query !== undefined) {
      tags.session = `${partition}/${query.sessionId ?? 0}`;
      tags.service = `${partition}/${query.serviceQuery?.serviceId ?? 0}`;
    } else if ((line.e === "apply" || line.e === "commit" || line.e === "broke") && line.index !== undefined) {
      this.#ofEntry(this.entryAt(partition, line.index), tags);
    } else if (line.index !== undefined && partition !== 0) tags.entry = this.entryAt(partition, line.index);
    return tags;
  }
}
