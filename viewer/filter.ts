// Which lines are looked at: by words, session, service, fault, and whether only what the failure is about. Pure: a filter in,
// the matching lines out.
import type { BrokenClaim, EntryFacts } from "../src/view/film.js";
import type { Run, Tags } from "./run.js";

export interface Filter {
  readonly words: string;
  readonly session: string;
  readonly service: string;
  readonly fault: string;
  readonly partition: number;
  /** Only what the broken claim is about. */
  readonly focus: boolean;
  /** Also what the judge does on its own: looks at states. */
  readonly looks: boolean;
}

export const ALL: Filter = { words: "", session: "", service: "", fault: "", partition: 0, focus: false, looks: false };

/** What a broken claim is about: everything that its lines name. */
export interface Subject {
  readonly partitions: ReadonlySet<number>;
  readonly sessions: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
  readonly lines: ReadonlySet<number>;
}

/** Collects the sessions, services and clients that a broken claim's lines and its words name. */
export function subjectOf(run: Run, claim: BrokenClaim): Subject {
  const partitions = new Set<number>();
  const sessions = new Set<string>();
  const services = new Set<string>();
  const clients = new Set<string>();
  for (const number of claim.lines) {
    const tags = run.tag(number);
    if (tags === undefined) continue;
    if (tags.partition !== 0) partitions.add(tags.partition);
    if (tags.session !== "") sessions.add(tags.session);
    if (tags.service !== "") services.add(tags.service);
    if (tags.client !== "" && tags.entry === -1) clients.add(tags.client);
    const entry = tags.entry === -1 ? undefined : run.entry(tags.entry);
    if (entry !== undefined) named(entry, claim, sessions);
  }
  for (const key of sessions) {
    const client = run.sessions.get(key)?.client;
    if (client !== undefined && client !== "") clients.add(client);
  }
  return { partitions, sessions, services, clients, lines: new Set(claim.lines) };
}

// Who is handed something, or should be, is named in words only.
function named(entry: EntryFacts, claim: BrokenClaim, sessions: Set<string>): void {
  const texts = [claim.says, ...entry.expected.emissions];
  for (const given of entry.given) if (!given.expected) texts.push(...given.emissions);
  for (const odd of entry.odd) if (odd.replica === 0) texts.push(...odd.says.slice(0, 8));
  for (const text of texts) {
    for (const match of text.matchAll(/session (\d+)/g)) sessions.add(`${entry.partition}/${match[1] ?? ""}`);
  }
}

/** For every line, whether it is looked at; line n at place n - 1. */
export function matching(run: Run, filter: Filter, subject: Subject | null): Uint8Array {
  const match = new Uint8Array(run.lines.length);
  const wanted = filter.words
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  run.lines.forEach((line, place) => {
    const tags = run.tags[place];
    if (tags === undefined || line.e === "header") return;
    if (!filter.looks && (line.e === "observe" || line.e === "save") && subject?.lines.has(place + 1) !== true) return;
    if (!meets(tags, filter, subject, line.e, place + 1)) return;
    if (wanted.length > 0) {
      const words = (run.film.words[place] ?? "").toLowerCase();
      if (!wanted.every((word) => words.includes(word))) return;
    }
    match[place] = 1;
  });
  return match;
}

function meets(tags: Tags, filter: Filter, subject: Subject | null, kind: string, number: number): boolean {
  if (filter.session !== "" && tags.session !== filter.session) return false;
  if (filter.service !== "" && tags.service !== filter.service) return false;
  if (filter.fault !== "" && tags.fault !== filter.fault) return false;
  if (filter.partition !== 0 && tags.partition !== filter.partition && tags.partition !== 0) return false;
  return !filter.focus || subject === null || isAbout(tags, subject, kind, number);
}

/** Whether a line belongs to what a broken claim is about. */
function isAbout(tags: Tags, subject: Subject, kind: string, number: number): boolean {
  if (subject.lines.has(number)) return true;
  if (kind === "phase" || kind === "fault" || kind === "end") return true;
  if (tags.partition !== 0 && !subject.partitions.has(tags.partition)) return false;
  if (kind === "leader" || kind === "replica" || kind === "restore" || kind === "broke") return true;
  if (kind === "registry") return false;
  if (subject.sessions.size === 0 && subject.services.size === 0)
    return subject.clients.size === 0 || subject.clients.has(tags.client);
  return subject.sessions.has(tags.session) || subject.services.has(tags.service);
}
