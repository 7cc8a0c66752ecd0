// A trace on a terminal: one line an event, with a column for each replica of the partition that it is about.
import type { EventLine, HeaderLine } from "../trace/line.js";
import { inWords, timeInWords } from "./words.js";

/** What stands in a replica's column. */
const marks: Readonly<Record<string, string>> = {
  apply: "a",
  broke: "!",
  ambient: "!",
  observe: "o",
  save: "s",
  restore: "r",
  query: "?",
  answer: "=",
  leader: "L",
};
const changes: Readonly<Record<string, string>> = { crash: "x", restart: "^", pause: "z", resume: "v" };

/** Prints a trace's lines; `number` is that of the line in its file. */
export function printer(header: HeaderLine): (line: EventLine, number: number) => string {
  const replicas = new Map(header.terms.partitions.map((each) => [each.partition, each.replicas]));
  const most = Math.max(...replicas.values(), 1);
  return (line, number) => {
    const partition = "partition" in line ? line.partition : undefined;
    const index = "index" in line && line.index !== undefined ? line.index.toString() : "";
    const place = partition === undefined ? "" : `${partition}:${index}`;
    const columns = partition === undefined ? "" : columnsOf(line, replicas.get(partition) ?? most);
    const head = `${number.toString().padStart(6)} ${timeInWords(line.t).padStart(14)} ${place.padEnd(8)}`;
    return `${head} ${columns.padEnd(most + 1)} ${inWords(line)}`;
  };
}

/** What the marks mean, for the head of a print. */
export const legend =
  "replicas in columns, the shadow's first: a applied  o observed  s saved  r restored  ? query  = answer  L leads  x crash  ^ restart  z pause  v resume  ! broke";

function columnsOf(line: EventLine, replicas: number): string {
  const at = "replica" in line ? line.replica : null;
  const mark = line.e === "replica" ? changes[line.change] : marks[line.e];
  let columns = "";
  for (let replica = 0; replica <= replicas; replica++)
    columns += replica === at ? (mark ?? "*") : replica === 0 ? " " : "·";
  return columns;
}
