// A trace on a terminal: one line an event, with a column for each replica of the partition that it is about.
import type { Witness } from "../checker/verdict.js";
import type { Trace } from "../trace/file.js";
import type { EventLine, PartitionId, ReplicaId } from "../trace/line.js";
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

/**
 * A trace's lines as a person reads them, up to a line, under the ids of the replicas whose columns they are. `broken`: what
 * is to be marked, in the line that shows it.
 */
export function* printed(trace: Trace, last: number, broken: Witness | null): Generator<string> {
  const ids = replicasOf(trace);
  const most = Math.max(...[...ids.values()].map(({ length }) => length), 1);
  const marked = broken?.lines.at(-1);
  yield legend;
  for (const [partition, each] of ids) yield `${`replicas of partition ${partition}`.padEnd(HEAD)} ${headOf(each)}`;
  for (const [at, line] of trace.events.entries()) {
    const number = at + 2;
    if (number > last) return;
    const partition = "partition" in line ? line.partition : undefined;
    const index = "index" in line && line.index !== undefined ? line.index.toString() : "";
    const place = partition === undefined ? "" : `${partition}:${index}`;
    const columns = partition === undefined ? "" : columnsOf(line, ids.get(partition) ?? []);
    const counted = number.toString().padStart(6);
    const shown = number === marked ? counted.replace(/^ ?/, ">") : counted;
    const head = `${shown} ${timeInWords(line.t).padStart(14)} ${place.padEnd(8)}`.padEnd(HEAD);
    yield `${head} ${columns.padEnd(most)} ${inWords(line)}`;
    if (number === marked) yield `${">".padEnd(HEAD + most + 1)} broken ${broken?.property}: ${broken?.says}`;
  }
}

/** How many characters stand before the columns. */
const HEAD = 30;

/** The replicas that a trace tells of, by partition, the shadow's id first. In a small run they need not be 1, 2, 3. */
function replicasOf({ header, events }: Trace): Map<PartitionId, ReplicaId[]> {
  const ids = new Map(header.terms.partitions.map(({ partition }) => [partition, new Set<ReplicaId>([0])]));
  for (const line of events) {
    if ("replica" in line && line.replica !== null) ids.get(line.partition)?.add(line.replica);
  }
  return new Map([...ids].map(([partition, each]) => [partition, [...each].sort((a, b) => a - b)]));
}

/** One character for each: the last digit of its id. */
function headOf(ids: readonly ReplicaId[]): string {
  return ids.map((id) => (id % 10).toString()).join("");
}

/** What the marks mean, for the head of a print. */
const legend =
  "replicas in columns, the shadow's first: a applied  o observed  s saved  r restored  ? query  = answer  L leads  x crash  ^ restart  z pause  v resume  ! broke";

function columnsOf(line: EventLine, replicas: readonly ReplicaId[]): string {
  const at = "replica" in line ? line.replica : null;
  const mark = line.e === "replica" ? changes[line.change] : marks[line.e];
  return replicas.map((id) => (id === at ? (mark ?? "*") : id === 0 ? " " : "·")).join("");
}
