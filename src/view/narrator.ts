// Says each line of a run in a sentence, for somebody who reads it for the first time: names rather than numbers where a name
// is known. It is told of the lines in their order, and remembers only names.
import { readFilter } from "../checker/models/filter.js";
import { unreachable } from "../base/assert.js";
import { MICROS_PER_SECOND } from "../base/time.js";
import type { CommandInput, ServiceCommandInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { toNanos } from "../base/time.js";
import { inWords as plainly, statusName } from "../replay/words.js";
import type { CommitLine, EventLine, FaultLine, SendLine } from "../trace/line.js";
import type { Owner } from "./answers-in-words.js";
import { queryAnswerInWords, queryOf } from "./answers-in-words.js";
import { inputInWords, outputInWords, spanInWords } from "./payloads.js";

/** An entry, in a sentence and in a word. */
export interface EntryWords {
  readonly words: string;
  readonly label: string;
}

type SessionCommand = Extract<CommandInput["input"], { $case: "sessionCommand" }>["value"];

const milliseconds = (micros: number): string =>
  micros < MICROS_PER_SECOND ? `${Number((micros / 1000).toFixed(1))} ms` : `${Number((micros / 1e6).toFixed(2))} s`;

export class Narrator {
  // partition/service → kind and name; partition/session → client
  readonly #services = new Map<string, { readonly kind: string; readonly name: string }>();
  readonly #clients = new Map<string, string>();
  // message → what it is, from whom to whom
  readonly #messages = new Map<string, { readonly what: string; readonly from: string; readonly to: string }>();
  // client.incarnation/operation → what it is
  readonly #operations = new Map<string, { readonly what: string; readonly owner: Owner }>();

  /** A service is known by its name from now on. */
  service(partition: number, id: bigint, kind: string, name: string): void {
    this.#services.set(`${partition}/${id}`, { kind, name });
  }

  /** A session is known to be that client's. */
  client(partition: number, session: bigint, client: string): void {
    this.#clients.set(`${partition}/${session}`, client);
  }

  clientOf(partition: number, session: bigint): string {
    return this.#clients.get(`${partition}/${session}`) ?? "";
  }

  /** "lock-1", or "service 17" of one that nobody named. */
  nameOf(partition: number, service: bigint): string {
    return this.#services.get(`${partition}/${service}`)?.name ?? `service ${service}`;
  }

  kindOf(partition: number, service: bigint): string {
    return this.#services.get(`${partition}/${service}`)?.kind ?? "";
  }

  #session(partition: number, session: bigint): string {
    const client = this.clientOf(partition, session);
    return client === "" ? `session ${session}` : `session ${session} (${client})`;
  }

  /** What an entry asks for. */
  entry({ partition, input }: Pick<CommitLine, "partition" | "input">): EntryWords {
    if (input === "undecodable") return { words: "bytes that say nothing", label: "bytes" };
    const { input: inner } = input;
    switch (inner?.$case) {
      case undefined:
        return { words: "tick: only time moves", label: "tick" };
      case "openSession": {
        const { timeout } = inner.value;
        const span =
          timeout === undefined ? "without a time-out" : `with a time-out of ${spanInWords(toNanos(timeout))}`;
        return { words: `open a session ${span}`, label: "open session" };
      }
      case "keepAlive": {
        const { sessionId, lastInputSequenceNum: last } = inner.value;
        const covers =
          last === 0n ? "" : `; its client used the numbers up to ${last}${openInWords(inner.value.inputFilter, last)}`;
        return { words: `keep-alive of ${this.#session(partition, sessionId)}${covers}`, label: "keep-alive" };
      }
      case "closeSession":
        return { words: `close ${this.#session(partition, inner.value.sessionId)}`, label: "close session" };
      case "sessionCommand":
        return this.#sessionCommand(partition, inner.value);
      default:
        return unreachable(inner);
    }
  }

  #sessionCommand(partition: number, { sessionId, input: command }: SessionCommand): EntryWords {
    const by = `by ${this.#session(partition, sessionId)}`;
    switch (command?.$case) {
      case undefined:
        return { words: `a command without input ${by}`, label: "nothing" };
      case "createService": {
        const { service = "?", name = "" } = command.value.spec ?? {};
        return { words: `open the ${service} "${name}" ${by}`, label: `open ${name}` };
      }
      case "closeService": {
        const name = this.nameOf(partition, command.value.serviceId);
        return { words: `close ${name} ${by}`, label: `close ${name}` };
      }
      case "serviceCommand":
        return {
          words: `${this.#command(partition, command.value)} ${by}`,
          label: command.value.operation?.name ?? "nothing",
        };
      default:
        return unreachable(command);
    }
  }

  #command(partition: number, { serviceId, sequenceNum, operation }: ServiceCommandInput): string {
    const name = operation?.name ?? "nothing";
    const kind = this.kindOf(partition, serviceId);
    const given = inputInWords(kind, name, operation?.payload ?? new Uint8Array(0));
    return `${name}${given === "" ? "" : `(${given})`} #${sequenceNum} on ${this.nameOf(partition, serviceId)}`;
  }

  /** A line in a sentence, without its instant. `entry`: of a line about an entry, the words of the entry. */
  line(line: EventLine, entry: string): string {
    switch (line.e) {
      case "phase":
        if (line.phase === "safety") return "The run begins: faults may strike from now on.";
        if (line.phase === "end") return "The run ends.";
        return `Everything heals: the liveness phase begins${line.cannotRecover === undefined ? "" : `, which promises nothing: ${line.cannotRecover}`}.`;
      case "fault":
        return faultInWords(line);
      case "leader":
        return line.replica === null ? "Nobody leads." : `Replica ${line.replica} leads, in term ${line.term}.`;
      case "replica":
        return `Replica ${line.replica} ${CHANGES[line.change]}.`;
      case "send":
        return this.#send(line);
      case "deliver": {
        const known = this.#messages.get(line.message);
        const what = known === undefined ? `A message (${line.message})` : capital(`${known.what} from ${known.from}`);
        if (line.dropped !== undefined) return `${what} is dropped: ${line.dropped}.`;
        return known === undefined ? `${what} arrives.` : `${what} arrives at ${known.to}.`;
      }
      case "commit":
        return `Entry ${line.index} is committed: ${entry}.`;
      case "apply":
        return `${who(line.replica)} applies entry ${line.index}, ${entry}.`;
      case "broke":
        return `${who(line.replica)} broke: it ${line.how} during ${line.during} at entry ${line.index}: ${firstLine(line.message)}`;
      case "ambient":
        return `${who(line.replica)} touched ${line.source} at entry ${line.index}: ${firstLine(line.stack)}`;
      case "observe":
        return `The state of ${who(line.replica).toLowerCase()} after entry ${line.index} is looked at (${LOOKS[line.why]}).`;
      case "save":
        return `${who(line.replica)} saves its state at entry ${line.index} as snapshot ${line.snapshot}.`;
      case "restore": {
        const whole = line.damage === undefined ? "" : ` damaged (${line.damage})`;
        const why = line.why === "restart" ? "after a restart" : "installed while it runs";
        const end = line.result.kind === "restored" ? "and takes it" : `and refuses it: ${line.result.message}`;
        return `${who(line.replica)} is given snapshot ${line.snapshot} of entry ${line.index}${whole}, ${why}, ${end}.`;
      }
      case "query": {
        const { service, session, operation } = queryOf(line.input);
        const least = line.input.maxReceivedIndex;
        const carries = least === 0n ? "" : `, with index ${least}, the last that it has seen`;
        const parked = line.parked ? `; it waits until that entry is applied here` : "";
        return `${this.#session(line.partition, session)} asks replica ${line.replica} for ${operation} of ${this.nameOf(line.partition, service)}${carries}${parked}.`;
      }
      case "answer": {
        const { service, session, operation } = queryOf(line.input);
        const owner = { kind: this.kindOf(line.partition, service), operation };
        return `Replica ${line.replica} answers ${this.#session(line.partition, session)}: ${operation} of ${this.nameOf(line.partition, service)} at entry ${line.index} is ${queryAnswerInWords(line.answer, owner)}.`;
      }
      case "session":
      case "use":
      case "keep-alive":
      case "invoke":
      case "return":
      case "receive":
      case "client-error":
        return this.#clientLine(line);
      case "registry":
        return `The registry of sessions: ${plainly(line).replace(/^registry /, "")}.`;
      default:
        return unreachable(line);
    }
  }

  #send({ t, message, from, to, what, arrives, by }: SendLine): string {
    const asked = this.#messages.get(message.replace(/\/(reply|answer|redirect|output \d+)$/, "").replace(/~\d+$/, ""));
    const said = asked === undefined || asked.what === what ? what : `${PARTS[what] ?? what} to ${asked.what}`;
    const known = { what: said, from: placeInWords(from), to: placeInWords(to) };
    this.#messages.set(message, known);
    const cause = by === undefined ? "" : `, because of ${by}`;
    const head = `${known.from.startsWith("replica") ? capital(known.from) : known.from} sends ${known.to}: ${said}`;
    if (arrives.length === 0) return `${head}. It is lost${cause}.`;
    const after = arrives.map((instant) => milliseconds(instant - t)).join(" and ");
    const copies = arrives.length === 1 ? "It arrives" : `${arrives.length} copies of it arrive`;
    return `${head}. ${copies} after ${after}${cause}.`;
  }

  #clientLine(
    line: Extract<
      EventLine,
      { readonly e: "session" | "use" | "keep-alive" | "invoke" | "return" | "receive" | "client-error" }
    >,
  ): string {
    const client = `${line.client}.${line.incarnation}`;
    switch (line.e) {
      case "session": {
        const session = line.session === undefined ? "a session" : `session ${line.session}`;
        if (line.change === "crashed") return `${client} crashes: nothing is closed.`;
        if (line.change === "lost") return `${client} gives ${session} up for lost.`;
        const with_ = line.timeout === undefined ? "" : ` with a time-out of ${spanInWords(line.timeout)}`;
        const word = { opening: "opens", opened: "has", closing: "closes", closed: "has closed" }[line.change];
        return `${client} ${word} ${session}${with_}.`;
      }
      case "use": {
        const word = { opening: "opens", opened: "has open", lost: "lost", closing: "closes", closed: "has closed" };
        return `${client} ${word[line.change]} the ${line.spec.service} "${line.spec.name}".`;
      }
      case "keep-alive": {
        const open = line.open.length === 0 ? "nothing open" : `open: #${line.open.join(", #")}`;
        const received = line.acknowledged.map(({ command, output }) => `output ${output} of #${command}`);
        const has = received.length === 0 ? "" : `, says it has received ${received.join(", ")}`;
        return `${client} keeps session ${line.session} alive: numbers used up to ${line.lastInput}, ${open}${has}.`;
      }
      case "invoke": {
        const owner = { kind: line.spec.service, operation: line.operation };
        const given = inputInWords(owner.kind, line.operation, line.payload);
        const num = line.command === undefined ? "" : ` #${line.command}`;
        const what = `${line.operation}${given === "" ? "" : `(${given})`}${num} on ${line.spec.name}`;
        this.#operations.set(`${client}/${line.op}`, { what, owner });
        return `${client} begins ${what}, in session ${line.session}.`;
      }
      case "return": {
        const known = this.#operations.get(`${client}/${line.op}`);
        const end = { ok: "answered", failed: "failed", unknown: "of unknown outcome", "given-up": "given up" }[
          line.outcome
        ];
        return `${client}: ${known?.what ?? `operation ${line.op}`} is ${end}${this.#answered(known?.owner, line.status, line.payload)}.`;
      }
      case "receive": {
        const known = this.#operations.get(`${client}/${line.op}`);
        const isEvent = known?.owner.operation === "Events" && line.output > 1n;
        const said = this.#answered(known?.owner, line.status, line.payload, isEvent);
        return `${client} receives output ${line.output} of ${known?.what ?? `#${line.command}`}${said}${line.complete ? ", the last one" : ""}.`;
      }
      case "client-error":
        return `The protocol is broken towards ${client}: ${line.error}: ${line.what}`;
      default:
        return unreachable(line);
    }
  }

  #answered(
    owner: Owner | undefined,
    status: number | undefined,
    payload: Uint8Array | undefined,
    isEvent = false,
  ): string {
    if (status === undefined) return "";
    const bytes = payload ?? new Uint8Array(0);
    const isSilent = bytes.length === 0 && statusName(status as never) !== "OK";
    const said = isSilent ? "" : outputInWords(owner?.kind ?? "", owner?.operation ?? "", bytes, isEvent);
    return `: ${statusName(status as never)}${said === "" ? "" : `, ${said}`}`;
  }
}

// Which of those numbers the filter says are open: all that is not is given up, or answered.
function openInWords(bytes: Uint8Array, last: bigint): string {
  const filter = readFilter(bytes);
  if (filter === null) return ", with a filter that is none";
  const open: bigint[] = [];
  for (let num = last > 200n ? last - 200n : 1n; num <= last && open.length < 9; num++)
    if (filter.has(num)) open.push(num);
  if (open.length === 0) return ", and holds none of them open";
  return ` and holds open #${open.slice(0, 8).join(", #")}${open.length > 8 ? " …" : ""}`;
}

const who = (replica: number): string => (replica === 0 ? "The shadow replica" : `Replica ${replica}`);
const firstLine = (text: string): string => text.split("\n")[0] ?? "";

const CHANGES = {
  crash: "crashes",
  restart: "starts again, with its last snapshot still to be restored",
  pause: "stops for a while",
  resume: "goes on",
} as const;

const LOOKS = {
  drawn: "by chance",
  end: "at the end",
  shadow: "after every entry",
  "before-query": "before a query",
  "after-query": "after a query, which must change nothing",
  "before-refusal": "before a damaged snapshot",
  "after-refusal": "after a refused snapshot, which must change nothing",
  again: "again: looking must change nothing",
  restored: "after a restore",
} as const;

function faultInWords({ fault, change, what }: FaultLine): string {
  const name = fault.replaceAll("-", " ");
  const about = what.replace(new RegExp(`^${fault}\\.?`), "").trim();
  const detail = about === "" ? "" : ` (${about})`;
  if (change === "strike") return `A fault strikes: ${name}${detail}.`;
  return `A fault ${change === "start" ? "sets in" : "ends"}: ${name}${detail}.`;
}

const PARTS: Readonly<Record<string, string>> = {
  reply: "the reply",
  answer: "the answer",
  "not the leader": '"not the leader"',
};

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** "p1.r2" as "replica 2 of partition 1". */
const placeInWords = (place: string): string =>
  place.replace(
    /^p(\d+)\.r(\d+)$/,
    (_, partition: string, replica: string) => `replica ${replica} of partition ${partition}`,
  );
