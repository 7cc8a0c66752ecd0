// A trace of as many lines as one wants, for the test of the page's speed: one client keeps one session alive for ever, over three
// replicas. Made rather than played, so that it costs nothing; every answer in it is the right one.
import { writeTrace, type Trace } from "../src/trace/file.js";

type Line = Readonly<Record<string, unknown>>;

/** The text of a trace of about so many lines. */
export function longTrace(header: Trace["header"], lines: number): string {
  const events: Line[] = [{ e: "leader", t: 0, partition: 1, term: 1, replica: 1 }];
  const plain = JSON.parse(firstLineOf(header)) as Line;
  const terms = { ...(plain["terms"] as object), partitions: [{ partition: 1, replicas: 3 }] };
  for (let index = 1; events.length < lines - 2; index++) events.push(...entry(index));
  const text = [{ ...plain, bug: null, seed: null, terms }, ...events].map((line) => JSON.stringify(line)).join("\n");
  return `${text}\n`;
}

const firstLineOf = (header: Trace["header"]): string =>
  writeTrace({ header, events: [], end: null }).split("\n")[0] ?? "";

function entry(index: number): Line[] {
  const t = index * 20_000;
  const message = index === 1 ? "c1.0/p1.s1/open/try1" : `c1.0/p1.s1/ka${index}`;
  const what = index === 1 ? "open a session" : "keep-alive";
  const timestamp = new Date(946_684_800_000 + t / 1000).toISOString().replace(/\.000Z$/, "Z");
  const asked =
    index === 1
      ? { openSession: { timeout: "60s" } }
      : { keepAlive: { sessionId: "1", inputFilter: "eyJtIjoxLCJrIjoxLCJiIjoiQUFBQUFBQUFBQUE9In0=" } };
  const output = index === 1 ? { openSession: { sessionId: "1" } } : { keepAlive: {} };
  const reply = { kind: "answer", outputs: [{ index: String(index), ...output }], complete: true };
  const applied = { reply, emissions: [] };
  const apply = (replica: number): Line => ({
    e: "apply",
    t: t + 4000 + 900 * replica,
    partition: 1,
    replica,
    index: String(index),
    applied,
  });
  return [
    { e: "send", t, message, from: "c1.0", to: "p1.r1", what, arrives: [t + 3000] },
    { e: "deliver", t: t + 3000, message },
    {
      e: "commit",
      t: t + 4000,
      partition: 1,
      index: String(index),
      term: 1,
      origin: message,
      input: { timestamp, ...asked },
    },
    apply(1),
    {
      e: "send",
      t: t + 4900,
      message: `${message}/reply`,
      from: "p1.r1",
      to: "c1.0",
      what: "reply",
      arrives: [t + 8000],
    },
    apply(2),
    apply(3),
    { e: "deliver", t: t + 8000, message: `${message}/reply` },
  ];
}
