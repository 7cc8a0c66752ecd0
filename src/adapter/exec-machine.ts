// `exec:<command line>`: a MachineKind whose replicas live in another process, behind the host protocol. Synchronous for
// whoever calls it. Holds one process at a time, for all replicas; starts a new one after one that broke.
import { UnfitError } from "../protocol/machine-errors.js";
import type {
  Applied,
  Capabilities,
  Emission,
  Entry,
  MachineKind,
  QueryAnswer,
  Reply,
  Restored,
  StateMachine,
} from "../protocol/machine.js";
import { failure } from "../protocol/failure.js";
import { seal } from "../protocol/snapshot-envelope.js";
import { CommandNum, SessionId } from "../protocol/words.js";
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import { Readability, type Applied as AppliedFrame, type Welcome } from "../proto/multiraft_sim/host/v1/host.js";
import { Conversation, type ConversationOptions } from "./conversation.js";

export interface ExecMachine extends MachineKind {
  begin(): void;
  /** Ends the process. */
  close(): void;
}

/** Starts the process, so that its capabilities are known. Throws an UnfitError where it can't stand trial. */
export function execMachine(name: string, options: ConversationOptions): ExecMachine {
  let talk = new Conversation(options);
  const { welcome } = talk;
  const capabilities = capabilitiesOf(name, welcome);
  let instances = 0;
  return {
    name,
    capabilities,
    create() {
      if (talk.broken) {
        talk = new Conversation(options);
        instances = 0;
        if (JSON.stringify(capabilitiesOf(name, talk.welcome)) !== JSON.stringify(capabilities)) {
          throw new UnfitError(`${name}: started again, it says that it has other capabilities than before`);
        }
      }
      instances += 1;
      talk.post(instances, { $case: "reset", value: {} }, `reset of instance ${instances}`);
      return new Replica(talk, instances, capabilities);
    },
    begin() {
      // Instances count from 1 in every run, so that a process that looks at the numbers can't tell one run from another.
      instances = 0;
    },
    close() {
      talk.close();
    },
  };
}

function capabilitiesOf(name: string, welcome: Welcome): Capabilities {
  const snapshots = readability(name, welcome.snapshots);
  const observations = readability(name, welcome.observations);
  return {
    services: welcome.services,
    snapshots,
    ...(observations === "opaque" ? {} : { observations }),
    ticks: welcome.ticks,
    ...(welcome.sameCodec ? {} : { codec: "own" as const }),
  };
}

function readability(name: string, value: Readability): Capabilities["snapshots"] {
  switch (value) {
    case Readability.OPAQUE:
      return "opaque";
    case Readability.READABLE:
      return "readable";
    case Readability.CANONICAL:
      return "canonical";
    default:
      throw new UnfitError(`${name}: its hello says ${value} of its snapshots, which is not one of 0 to 2`);
  }
}

// The most chunks and bytes of a saved state that go into one frame.
const MOST_CHUNKS = 1024;
const MOST_BYTES = 1 << 20;

class Replica implements StateMachine {
  readonly observe?: () => Uint8Array;

  constructor(
    readonly talk: Conversation,
    readonly instance: number,
    capabilities: Capabilities,
  ) {
    if (capabilities.observations !== undefined) this.observe = () => this.#observed();
  }

  apply(entry: Entry): Applied {
    const answer = this.talk.apply(this.instance, entry.index, entry.bytes);
    if (answer.index !== entry.index) {
      this.#reject(`apply of entry ${entry.index}`, `it answered for entry ${answer.index}`);
    }
    return {
      reply: this.#reply(entry, answer),
      emissions: answer.emissions.map((each) => this.#emission(entry, each)),
    };
  }

  #reply(entry: Entry, { reply }: AppliedFrame): Reply {
    switch (reply?.$case) {
      case "answer":
        return { kind: "answer", outputs: reply.value.outputs, complete: reply.value.complete };
      case "failure":
        return failure(reply.value.status, reply.value.message);
      default:
        return this.#reject(`apply of entry ${entry.index}`, "its answer holds neither an answer nor a failure");
    }
  }

  #emission(entry: Entry, each: AppliedFrame["emissions"][number]): Emission {
    const { sessionId, commandNum, output, complete } = each;
    if (output === undefined) this.#reject(`apply of entry ${entry.index}`, "an emission without its output");
    return { sessionId: SessionId(sessionId), commandNum: CommandNum(commandNum), output, complete };
  }

  query(input: QueryInput): QueryAnswer {
    const { answer } = this.talk.ask(
      this.instance,
      { $case: "query", value: { input } },
      "answered",
      this.#doing("query"),
    );
    switch (answer?.$case) {
      case "output":
        return { kind: "answer", output: answer.value };
      case "failure":
        return failure(answer.value.status, answer.value.message);
      default:
        return this.#reject("query", "its answer holds neither an output nor a failure");
    }
  }

  snapshot(): Uint8Array {
    const parts: Uint8Array[] = [];
    const what = this.#doing("save");
    this.talk.askInParts(this.instance, { $case: "save", value: {} }, "saved", what, ({ data, last }) => {
      parts.push(data);
      return last;
    });
    return joined(parts);
  }

  #observed(): Uint8Array {
    const parts: Uint8Array[] = [];
    const what = this.#doing("observe");
    this.talk.askInParts(this.instance, { $case: "observe", value: {} }, "observed", what, ({ data, last }) => {
      parts.push(data);
      return last;
    });
    return seal(joined(parts));
  }

  restore(chunks: Iterable<Uint8Array>): Restored {
    const what = this.#doing("restore");
    let gathered: Uint8Array[] = [];
    let bytes = 0;
    for (const chunk of inFrames(chunks)) {
      if (gathered.length === MOST_CHUNKS || bytes + chunk.length > MOST_BYTES) {
        this.talk.tell(this.instance, { $case: "restore", value: { chunks: gathered, last: false } }, what);
        gathered = [];
        bytes = 0;
      }
      gathered.push(chunk);
      bytes += chunk.length;
    }
    const last = { $case: "restore" as const, value: { chunks: gathered, last: true } };
    const { refused, message } = this.talk.ask(this.instance, last, "restored", what);
    return refused ? { kind: "refused", message } : { kind: "restored" };
  }

  #doing(call: string): string {
    return `${call} on instance ${this.instance}`;
  }

  #reject(call: string, because: string): never {
    return this.talk.reject(this.#doing(call), because);
  }
}

/** Chunks as they are; one that is too long for a frame, in pieces. */
function* inFrames(chunks: Iterable<Uint8Array>): Iterable<Uint8Array> {
  for (const chunk of chunks) {
    if (chunk.length <= MOST_BYTES) yield chunk;
    else for (let at = 0; at < chunk.length; at += MOST_BYTES) yield chunk.subarray(at, at + MOST_BYTES);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
