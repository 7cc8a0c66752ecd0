// Puts a run into lanes: one for the faults, one for each client, each replica and each log, one for each session and each
// service; and on them marks, spans and messages, each with its instant. Decides what stands where, not how it looks.
import type { Run, TraceLine } from "./run.js";
import type { Subject } from "./filter.js";

export type LaneKind = "group" | "faults" | "client" | "log" | "replica" | "session" | "service";

export interface Lane {
  readonly kind: LaneKind;
  readonly key: string;
  readonly label: string;
  readonly title: string;
  readonly height: number;
  /** Whether it shows the machine's side below the judge's. */
  readonly isDouble: boolean;
  /** From the top of the picture. */
  readonly top: number;
  readonly partition: number;
}

/** The look of something, by what it means. */
export type Tone = "plain" | "quiet" | "strong" | "good" | "bad" | "late" | "twice" | "fault" | "lead";

export interface Mark {
  readonly line: number;
  readonly t: number;
  readonly lane: number;
  readonly shape: "tick" | "dot" | "up" | "down" | "cross" | "diamond" | "flag";
  readonly tone: Tone;
  readonly text: string;
}

export interface Span {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  /** Which of the lane's rows, and of how many. */
  readonly row: number;
  readonly rows: number;
  readonly tone: Tone;
  /** The session whose colour it has. */
  readonly session: string;
  readonly text: string;
  readonly shape: "bar" | "band" | "hatch";
  readonly words: string;
}

export interface Message {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly t0: number;
  readonly t1: number;
  readonly fate: "delivered" | "late" | "twice" | "lost" | "dropped";
  readonly quiet: boolean;
}

/** A session's time to live over its life, as parts of its time-out from 0 to 1. */
export interface Gauge {
  readonly lane: number;
  readonly session: string;
  readonly times: readonly number[];
  readonly parts: readonly number[];
  readonly isSeen: boolean;
}

/** A fault over the lanes that it struck. */
export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly number[] | null;
  readonly fault: string;
}

export interface Picture {
  readonly lanes: readonly Lane[];
  readonly height: number;
  readonly marks: readonly Mark[];
  readonly spans: readonly Span[];
  readonly messages: readonly Message[];
  readonly gauges: readonly Gauge[];
  readonly shades: readonly Shade[];
}

/** What of the run is shown. */
export interface Shown {
  readonly match: Uint8Array;
  /** Only the lanes of these; null: all. */
  readonly subject: Subject | null;
  readonly partition: number;
  readonly session: string;
  readonly service: string;
  /** How much height there is: lanes that would leave some of it empty are higher. */
  readonly room: number;
}

const HEIGHTS: Readonly<Record<LaneKind, number>> = {
  group: 20,
  faults: 16,
  client: 28,
  log: 28,
  replica: 20,
  session: 22,
  service: 24,
};

type Draft<Type> = { -readonly [Key in keyof Type]: Type[Key] };

class Builder {
  readonly lanes: Draft<Lane>[] = [];
  readonly marks: Mark[] = [];
  readonly spans: Draft<Span>[] = [];
  readonly messages: Message[] = [];
  readonly gauges: Gauge[] = [];
  readonly shades: Shade[] = [];
  readonly #byKey = new Map<string, number>();

  constructor(
    readonly run: Run,
    readonly shown: Shown,
  ) {}

  lane(kind: LaneKind, key: string, label: string, title: string, partition = 0): number {
    const place = this.lanes.length;
    this.lanes.push({ kind, key, label, title, height: HEIGHTS[kind], isDouble: false, top: 0, partition });
    this.#byKey.set(key, place);
    return place;
  }

  at(key: string): number {
    return this.#byKey.get(key) ?? -1;
  }

  isShown(line: number): boolean {
    return this.shown.match[line - 1] === 1;
  }

  mark(line: number, lane: number, shape: Mark["shape"], tone: Tone, text = ""): void {
    if (lane >= 0 && this.isShown(line)) this.marks.push({ line, t: this.run.line(line).t, lane, shape, tone, text });
  }

  span(span: Partial<Span> & Pick<Span, "line" | "from" | "to" | "lane">): Draft<Span> | null {
    if (span.lane < 0) return null;
    const whole = { row: 0, rows: 1, tone: "plain", session: "", text: "", shape: "bar", words: "", ...span } as const;
    this.spans.push({ ...whole });
    return this.spans.at(-1) ?? null;
  }

  finish(): Picture {
    const natural = this.lanes.reduce((sum, { height }) => sum + height, 0);
    const factor = Math.max(1, Math.min(1.7, (this.shown.room - 4) / Math.max(1, natural)));
    let top = 0;
    for (const lane of this.lanes) {
      if (lane.kind !== "group" && lane.kind !== "faults") lane.height = Math.floor(lane.height * factor);
      lane.top = top;
      top += lane.height;
    }
    const byTime =
      <Item>(key: (item: Item) => number) =>
      (a: Item, b: Item): number =>
        key(a) - key(b);
    return {
      lanes: this.lanes,
      height: top,
      marks: this.marks.sort(byTime((mark) => mark.t)),
      spans: this.spans.sort(byTime((span) => span.from)),
      messages: this.messages.sort(byTime((message) => message.t0)),
      gauges: this.gauges,
      shades: this.shades,
    };
  }
}

/** Lays the run out. */
export function picture(run: Run, shown: Shown): Picture {
  const builder = new Builder(run, shown);
  addFaults(builder);
  addLanes(builder);
  addLines(builder);
  addOperations(builder);
  addSessions(builder);
  addServices(builder);
  addShades(builder);
  return builder.finish();
}

// --- lanes

function partitionsShown({ run, shown }: Builder): number[] {
  const all = run.film.run.partitions.map(({ partition }) => partition);
  if (shown.partition !== 0) return all.filter((partition) => partition === shown.partition);
  const { subject } = shown;
  return subject === null || subject.partitions.size === 0 ? all : all.filter((each) => subject.partitions.has(each));
}

function addLanes(builder: Builder): void {
  const { run, shown } = builder;
  const { subject } = shown;
  const clients = clientsOf(run, builder).filter(
    (client) => subject === null || subject.clients.size === 0 || subject.clients.has(client),
  );
  if (clients.length > 0) {
    builder.lane("group", "clients", "Clients", "Who asks: a bar is an operation, from its beginning to its answer.");
    for (const client of clients) {
      builder.lane("client", client, client, `Client ${client.replace(/\.(\d+)$/, ", life $1")}`);
    }
  }
  for (const partition of partitionsShown(builder)) addPartition(builder, partition);
}

function addPartition(builder: Builder, partition: number): void {
  const { run, shown } = builder;
  const { subject } = shown;
  const several = run.film.run.partitions.length > 1;
  const of = several ? ` of partition ${partition}` : "";
  builder.lane(
    "group",
    `p${partition}`,
    several ? `Partition ${partition}` : "Log and replicas",
    `The log${of} and the replicas that apply it.`,
  );
  builder.lane("log", `p${partition}.log`, "log", `Entries${of}, by index, when they are committed.`, partition);
  const replicas = run.film.run.partitions.find((each) => each.partition === partition)?.replicas ?? [];
  for (const replica of replicas) {
    builder.lane(
      "replica",
      `p${partition}.r${replica}`,
      `replica ${replica}`,
      `Replica ${replica}${of}: a tick is an entry that it applied.`,
      partition,
    );
  }
  const services = run.film.services.filter((service) => {
    const key = `${service.partition}/${service.id}`;
    if (service.partition !== partition) return false;
    if (shown.service !== "") return key === shown.service;
    return subject === null || subject.services.size === 0 || subject.services.has(key);
  });
  if (services.length > 0) {
    builder.lane(
      "group",
      `p${partition}.services`,
      `Services${several ? `, partition ${partition}` : ""}`,
      "Who holds what, by the judge's models; below, in red, as the machine has it, where that is other.",
    );
    for (const service of services) {
      const lane = builder.lane(
        "service",
        `service ${service.partition}/${service.id}`,
        service.name,
        `The ${service.kind} ${service.name}, service ${service.id}`,
        partition,
      );
      if (service.seen !== undefined) double(builder, lane);
    }
  }
  const sessions = run.film.sessions.filter((session) => {
    const key = `${session.partition}/${session.id}`;
    if (session.partition !== partition) return false;
    if (shown.session !== "") return key === shown.session;
    return subject === null || subject.sessions.size === 0 || subject.sessions.has(key);
  });
  if (sessions.length > 0) {
    builder.lane(
      "group",
      `p${partition}.sessions`,
      `Sessions${several ? `, partition ${partition}` : ""}`,
      "A bar is a session; its filling is the time that is left until its deadline, filled up by every keep-alive.",
    );
    for (const session of sessions) {
      const client = session.client === "" ? "" : ` · ${session.client}`;
      builder.lane(
        "session",
        `session ${session.partition}/${session.id}`,
        `session ${session.id}${client}`,
        `Session ${session.id}, with a time-out of ${session.timeout / 1e6} s`,
        partition,
      );
    }
  }
}

function double({ lanes }: Builder, lane: number): void {
  const found = lanes[lane];
  if (found !== undefined) Object.assign(found, { height: 42, isDouble: true });
}

function clientsOf(run: Run, { shown }: Builder): string[] {
  const clients = new Set<string>();
  run.lines.forEach((line, place) => {
    if (shown.match[place] !== 1) return;
    if (line.client !== undefined) clients.add(`${line.client}.${line.incarnation}`);
    for (const end of [line.from, line.to])
      if (end !== undefined && !/^p\d+\.r\d+$/.test(end)) clients.add(end.split("/")[0] ?? "");
  });
  return [...clients].sort((a, b) =>
    a.length - b.length === 0 || /^c\d/.test(a) === /^c\d/.test(b) ? compareNames(a, b) : /^c\d/.test(a) ? -1 : 1,
  );
}

const compareNames = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

// --- marks and messages

const laneOfEnd = (end: string): string => (/^p\d+\.r\d+$/.test(end) ? end : (end.split("/")[0] ?? ""));

function addLines(builder: Builder): void {
  const { run } = builder;
  const dropped = new Map<string, number[]>();
  run.lines.forEach((line) => {
    if (line.e === "deliver" && line.dropped !== undefined) {
      dropped.set(line.message ?? "", [...(dropped.get(line.message ?? "") ?? []), line.t]);
    }
  });
  const leaders = new Map<number, { line: number; t: number; replica: number; term: number }>();
  const down = new Map<string, { line: number; t: number; how: string }>();
  run.lines.forEach((line, place) => {
    const number = place + 1;
    if (line.e === "send") addMessage(builder, line, number, dropped);
    else if (line.e === "leader") changeLeader(builder, leaders, line, number);
    else if (line.e === "replica") changeReplica(builder, down, line, number);
    else addMark(builder, line, number);
  });
  for (const [partition, { line, t, replica, term }] of leaders) {
    leads(builder, partition, line, t, run.end, replica, term);
  }
  for (const [key, { line, t, how }] of down)
    builder.span({
      line,
      from: t,
      to: run.end,
      lane: builder.at(key),
      shape: "hatch",
      tone: "bad",
      text: how,
      words: run.words(line),
    });
}

function addMark(builder: Builder, line: TraceLine, number: number): void {
  const { run } = builder;
  const replica = builder.at(`p${line.partition}.r${line.replica}`);
  const client = builder.at(`${line.client}.${line.incarnation}`);
  switch (line.e) {
    case "commit": {
      const entry = run.entry(run.tag(number)?.entry ?? -1);
      const bad = entry?.given.some((given) => !given.expected) === true;
      const tone = bad ? "bad" : entry?.label === "tick" || entry?.label === "keep-alive" ? "quiet" : "strong";
      return builder.mark(
        number,
        builder.at(`p${line.partition}.log`),
        "tick",
        tone,
        `${line.index} ${entry?.label ?? ""}`,
      );
    }
    case "apply": {
      const entry = run.entry(run.tag(number)?.entry ?? -1);
      const given = entry?.given.find((each) => each.lines.includes(number));
      const tone =
        given?.expected === false
          ? "bad"
          : entry?.label === "tick" || entry?.label === "keep-alive"
            ? "quiet"
            : "strong";
      return builder.mark(number, replica, "tick", tone);
    }
    case "broke":
    case "ambient":
      return builder.mark(number, replica, "cross", "bad", "broke");
    case "observe":
      return builder.mark(number, replica, "dot", "quiet");
    case "save":
      return builder.mark(number, replica, "down", "good", "saved");
    case "restore":
      return builder.mark(
        number,
        replica,
        "up",
        line.result?.kind === "restored" ? "good" : "fault",
        line.result?.kind ?? "",
      );
    case "query":
      return builder.mark(number, replica, "dot", "plain");
    case "answer": {
      const query = run.queries.get(number);
      return builder.mark(number, replica, "diamond", query?.same === false ? "bad" : "plain");
    }
    case "session":
      return builder.mark(
        number,
        client,
        line.change === "crashed" ? "cross" : "flag",
        line.change === "crashed" || line.change === "lost" ? "bad" : "good",
        line.change ?? "",
      );
    case "client-error":
      return builder.mark(number, client, "cross", "bad", "protocol error");
    case "receive":
      return builder.mark(number, client, "dot", "strong");
    case "keep-alive":
      return builder.mark(number, client, "dot", "quiet");
    default:
      return;
  }
}

function addMessage(
  builder: Builder,
  line: TraceLine,
  number: number,
  dropped: ReadonlyMap<string, readonly number[]>,
): void {
  const { run } = builder;
  if (!builder.isShown(number)) return;
  const from = builder.at(laneOfEnd(line.from ?? ""));
  const to = builder.at(laneOfEnd(line.to ?? ""));
  if (from < 0 || to < 0) return;
  const quiet = line.what === "keep-alive" || line.message?.includes("/ka") === true;
  const usual = run.film.run.usualDelay ?? 50_000;
  const arrives = line.arrives ?? [];
  if (arrives.length === 0)
    builder.messages.push({ line: number, from, to, t0: line.t, t1: line.t + usual, fate: "lost", quiet });
  for (const t1 of arrives) {
    const isDropped = dropped.get(line.message ?? "")?.includes(t1) === true;
    const fate = isDropped ? "dropped" : arrives.length > 1 ? "twice" : t1 - line.t > usual ? "late" : "delivered";
    builder.messages.push({ line: number, from, to, t0: line.t, t1, fate, quiet });
  }
}

function changeLeader(
  builder: Builder,
  leaders: Map<number, { line: number; t: number; replica: number; term: number }>,
  line: TraceLine,
  number: number,
): void {
  const { partition = 0, replica, term = 0 } = line;
  const before = leaders.get(partition);
  if (before !== undefined) leads(builder, partition, before.line, before.t, line.t, before.replica, before.term);
  leaders.delete(partition);
  if (typeof replica === "number") leaders.set(partition, { line: number, t: line.t, replica, term });
}

function leads(
  builder: Builder,
  partition: number,
  line: number,
  from: number,
  to: number,
  replica: number,
  term: number,
): void {
  const lane = builder.at(`p${partition}.r${replica}`);
  builder.span({
    line,
    from,
    to,
    lane,
    shape: "band",
    tone: "lead",
    text: `leads, term ${term}`,
    words: builder.run.words(line),
  });
}

function changeReplica(
  builder: Builder,
  down: Map<string, { line: number; t: number; how: string }>,
  line: TraceLine,
  number: number,
): void {
  const key = `p${line.partition}.r${line.replica}`;
  if (line.change === "crash" || line.change === "pause") {
    down.set(key, { line: number, t: line.t, how: line.change === "crash" ? "down" : "paused" });
    return;
  }
  const before = down.get(key);
  down.delete(key);
  if (before === undefined) return;
  builder.span({
    line: before.line,
    from: before.t,
    to: line.t,
    lane: builder.at(key),
    shape: "hatch",
    tone: "bad",
    text: before.how,
    words: builder.run.words(before.line),
  });
}

// --- operations of clients

function addOperations(builder: Builder): void {
  const { run } = builder;
  const open = new Map<string, { line: number; t: number; lane: number }>();
  const rowsOf = new Map<number, number[]>();
  const made: Draft<Span>[] = [];
  const add = (number: number, from: number, to: number, lane: number, outcome: string): void => {
    const line = run.line(number);
    const tone: Tone = outcome === "ok" ? "plain" : outcome === "open" ? "quiet" : "late";
    const num = line.command === undefined ? "" : ` #${line.command}`;
    const text = `${line.operation ?? ""}${num} ${line.spec?.name ?? ""}`;
    const span = builder.span({
      line: number,
      from,
      to,
      lane,
      tone,
      session: `${line.partition}/${line.session}`,
      text,
      words: run.words(number),
    });
    if (span !== null) made.push(span);
  };
  run.lines.forEach((line, place) => {
    const key = `${line.client}.${line.incarnation}/${line.op}`;
    if (line.e === "invoke" && builder.isShown(place + 1)) {
      open.set(key, { line: place + 1, t: line.t, lane: builder.at(`${line.client}.${line.incarnation}`) });
    } else if (line.e === "return") {
      const begun = open.get(key);
      open.delete(key);
      if (begun !== undefined) add(begun.line, begun.t, line.t, begun.lane, line.outcome ?? "ok");
    }
  });
  for (const { line, t, lane } of open.values()) add(line, t, run.end, lane, "open");
  for (const span of made.sort((a, b) => a.from - b.from)) {
    const rows = rowsOf.get(span.lane) ?? [];
    let row = rows.findIndex((end) => end <= span.from);
    if (row === -1) row = rows.length < 6 ? rows.length : rows.indexOf(Math.min(...rows));
    rows[row] = Math.max(rows[row] ?? 0, span.to);
    rowsOf.set(span.lane, rows);
    span.row = row;
  }
  for (const span of made) span.rows = rowsOf.get(span.lane)?.length ?? 1;
  for (const [lane, rows] of rowsOf) {
    const found = builder.lanes[lane];
    if (found !== undefined) found.height = 14 + 14 * Math.max(1, rows.length);
  }
}

// --- sessions and services

function addSessions(builder: Builder): void {
  const { run } = builder;
  for (const session of run.film.sessions) {
    const key = `${session.partition}/${session.id}`;
    const lane = builder.at(`session ${key}`);
    if (lane < 0) continue;
    const line = run.entry(session.opened)?.line ?? 1;
    const from = run.entryTime(session.opened);
    const to = session.ended === null ? run.end : run.entryTime(session.ended.entry);
    const end = session.ended === null ? "" : session.ended.how;
    const words = `Session ${session.id}${session.client === "" ? "" : ` of ${session.client}`} lives, by the judge's models${end === "" ? "" : `, and has ${end} here at its end`}.`;
    builder.span({ line, from, to, lane, session: key, text: "", shape: "band", words });
    addGauge(
      builder,
      lane,
      key,
      session.opened,
      session.ended?.entry ?? null,
      session.deadlines,
      session.timeout,
      false,
    );
    if (session.ended !== null) {
      const at = run.entry(session.ended.entry)?.line ?? 1;
      builder.marks.push({
        line: at,
        t: to,
        lane,
        shape: session.ended.how === "expired" ? "cross" : "diamond",
        tone: session.ended.how === "expired" ? "fault" : "plain",
        text: session.ended.how,
      });
    }
    const { seen } = session;
    if (seen === undefined) continue;
    double(builder, lane);
    const until = seen.gone === null ? run.end : run.entryTime(seen.gone);
    builder.span({
      line,
      from: run.entryTime(seen.from),
      to: until,
      lane,
      row: 1,
      rows: 2,
      tone: "bad",
      session: key,
      shape: "bar",
      text: "as the machine has it",
      words: `In the machine's state session ${session.id} lives ${seen.gone === null ? "to the end of the run" : "until here"}.`,
    });
    addGauge(builder, lane, key, seen.from, seen.gone, seen.deadlines, session.timeout, true);
  }
}

function addGauge(
  builder: Builder,
  lane: number,
  session: string,
  from: number,
  to: number | null,
  deadlines: readonly (readonly [number, number])[],
  timeout: number,
  isSeen: boolean,
): void {
  const { run } = builder;
  const times: number[] = [];
  const parts: number[] = [];
  const places = run.entriesOf.get(Number(session.split("/")[0])) ?? [];
  let next = 0;
  let deadline = deadlines[0]?.[1] ?? 0;
  const put = (t: number, log: number): void => {
    times.push(t);
    parts.push(Math.max(0, Math.min(1, (deadline - log) / Math.max(1, timeout))));
  };
  for (const place of places) {
    if (place < from) continue;
    if (to !== null && place > to) break;
    const { log } = run.entry(place) ?? { log: 0 };
    const t = run.entryTime(place);
    put(t, log);
    const change = deadlines[next];
    if (change !== undefined && change[0] <= place) {
      deadline = change[1];
      next++;
      put(t, log);
    }
  }
  builder.gauges.push({ lane, session, times, parts, isSeen });
}

function addServices(builder: Builder): void {
  const { run } = builder;
  for (const service of run.film.services) {
    const lane = builder.at(`service ${service.partition}/${service.id}`);
    if (lane < 0) continue;
    const rows = service.seen === undefined ? 1 : 2;
    const put = (segments: typeof service.segments, row: number): void => {
      segments.forEach((segment, at) => {
        const next = segments[at + 1];
        const from = run.entryTime(segment.entry);
        const to = next === undefined ? run.end : run.entryTime(next.entry);
        if (segment.text === "" && row === 0) return;
        const other = row === 1 && modelText(service.segments, segment.entry, next?.entry ?? Infinity) !== segment.text;
        if (row === 1 && !other) return;
        const note = segment.note ?? segment.text;
        builder.span({
          line: run.entry(segment.entry)?.line ?? 1,
          from,
          to,
          lane,
          row,
          rows,
          tone: row === 1 ? "bad" : segment.session === undefined ? "plain" : "strong",
          session: segment.session === undefined ? "" : `${service.partition}/${segment.session}`,
          text: segment.text === "" ? "free" : segment.text,
          words: row === 1 ? `The machine has of ${service.name}: ${note}` : `${service.name}: ${note}`,
        });
      });
    };
    put(service.segments, 0);
    if (service.seen !== undefined) put(service.seen, 1);
  }
}

// What the models show over a stretch of entries; undefined where that changes within it.
function modelText(
  segments: readonly { readonly entry: number; readonly text: string }[],
  from: number,
  to: number,
): string | undefined {
  let text: string | undefined;
  for (const segment of segments) {
    if (segment.entry <= from) text = segment.text;
    else if (segment.entry < to && segment.text !== text) return undefined;
  }
  return text;
}

// --- faults

function addFaults(builder: Builder): void {
  const { run } = builder;
  const open = new Map<string, { line: number; t: number }>();
  const spans: { line: number; from: number; to: number; text: string; fault: string; strike: boolean }[] = [];
  run.lines.forEach((line, place) => {
    if (line.e !== "fault") return;
    const id = `${line.fault}/${(line.what ?? "").split(" ")[0] ?? ""}`;
    const text = (line.fault ?? "").replaceAll("-", " ");
    if (line.change === "start") open.set(id, { line: place + 1, t: line.t });
    else if (line.change === "strike")
      spans.push({ line: place + 1, from: line.t, to: line.t, text, fault: line.fault ?? "", strike: true });
    else {
      const begun = open.get(id);
      open.delete(id);
      if (begun !== undefined)
        spans.push({ line: begun.line, from: begun.t, to: line.t, text, fault: line.fault ?? "", strike: false });
    }
  });
  for (const [id, { line, t }] of open)
    spans.push({
      line,
      from: t,
      to: run.end,
      text: (id.split("/")[0] ?? "").replaceAll("-", " "),
      fault: id.split("/")[0] ?? "",
      strike: false,
    });
  const visible = spans.filter((span) => builder.isShown(span.line) && mayMatter(builder, span));
  if (visible.length === 0) return;
  builder.lane(
    "group",
    "faults",
    "Faults",
    "What the run did to the network, the replicas, the clocks and the clients.",
  );
  const rows: number[] = [];
  const most = builder.shown.subject === null ? 10 : 4;
  for (const span of visible.sort((a, b) => a.from - b.from)) {
    const least = run.end / 60;
    let row = rows.findIndex((end) => end <= span.from);
    if (row === -1) row = rows.length < most ? rows.length : rows.indexOf(Math.min(...rows));
    rows[row] = Math.max(span.to, span.from + least);
    const key = `faults ${row}`;
    const lane = builder.at(key) >= 0 ? builder.at(key) : builder.lane("faults", key, "", "Faults");
    if (span.strike) builder.mark(span.line, lane, "down", "fault", span.text);
    else
      builder.span({
        line: span.line,
        from: span.from,
        to: span.to,
        lane,
        tone: "fault",
        text: span.text,
        words: run.words(span.line),
      });
  }
}

// Where only the failure is looked at: what was at work before its end, and struck what it is about.
function mayMatter(
  { run, shown }: Builder,
  span: { readonly line: number; readonly from: number; readonly to: number },
): boolean {
  const { subject } = shown;
  if (subject === null || subject.lines.size === 0) return true;
  const times = [...subject.lines].map((line) => run.line(line).t);
  const first = Math.min(...times);
  const last = Math.max(...times);
  if (span.from > last || span.to < first - (last - first) - 1_000_000) return false;
  const planned = run.faults.get((run.line(span.line).what ?? "").split(" ")[0] ?? "");
  if (planned?.partition !== undefined && !subject.partitions.has(planned.partition)) return false;
  const { client } = planned ?? {};
  return client === undefined || [...subject.clients].some((each) => each.startsWith(`${client}.`));
}

function addShades(builder: Builder): void {
  const { run } = builder;
  for (const span of builder.spans) {
    if (span.tone !== "fault") continue;
    const line = run.line(span.line);
    const planned = run.faults.get((line.what ?? "").split(" ")[0] ?? "");
    const lanes = planned === undefined ? null : struck(builder, planned);
    if (lanes !== null && lanes.length > 0)
      builder.shades.push({ from: span.from, to: span.to, lanes, fault: line.fault ?? "" });
  }
}

function struck(
  builder: Builder,
  { partition, replica, client }: { partition?: number; replica?: number; client?: string },
): number[] | null {
  if (partition === undefined && replica === undefined && client === undefined) return null;
  const lanes: number[] = [];
  builder.lanes.forEach((lane, place) => {
    if (lane.kind === "client" && client !== undefined && lane.key.startsWith(`${client}.`)) lanes.push(place);
    if (partition !== undefined && lane.partition === partition) {
      if (lane.kind === "replica" && (replica === undefined || lane.key === `p${partition}.r${replica}`))
        lanes.push(place);
      if (lane.kind === "log" && replica === undefined) lanes.push(place);
    }
  });
  return lanes;
}
