// What travels on the simulated network: who to whom, what about, and the stable id that its luck hangs on.
import type { CommandInput, QueryInput, ServiceCommandOutput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { QueryAnswer, Reply } from "../protocol/machine.js";
import type { LogIndex } from "../protocol/words.js";
import type { PartitionId, ReplicaId } from "../trace/line.js";
import type { Owner } from "./ledger.js";
import { addressOf, type Address } from "./random.js";

/** Somebody with a name on the network. */
export interface Endpoint {
  readonly name: string;
  /** Who opens sessions through it, for the ledger. */
  readonly owner?: Owner;
  /** up: takes messages; paused: they wait at the door; down: they are dropped. */
  presence(): "up" | "paused" | "down";
  /** `copy`: 1 for the first copy of a message that arrives here, 2 for the next, … */
  receive(message: Message, copy: number): void;
}

/** Whoever waits for the answers to a message. */
export interface Asker {
  answered(message: Message): void;
  /** In what state the session is that asks: "waiting for a lock". For the report of what was struck by faults. */
  sessionState?(): string;
}

/** What faults tell messages apart by. */
export type MessageKind =
  "open" | "create" | "command" | "keep-alive" | "close" | "query" | "reply" | "output" | "hostile";

/** Outputs of one command from one replica, in order. A lost message breaks it: what comes later shows a hole. */
export interface Stream {
  /** Positions handed out by the sender. */
  sent: number;
  /** The position that the receiver waits for. */
  expected: number;
  /** Nothing overtakes. */
  lastArrival: number;
  broken: boolean;
}

export type Body =
  /** To a replica: put this into the log. */
  | { readonly type: "propose"; readonly proposal: ProposalBody }
  /** To a replica: answer this. */
  | { readonly type: "query"; readonly input: QueryInput; readonly sync: boolean }
  /** From a replica that does not lead; leader 0: it knows none. */
  | { readonly type: "redirect"; readonly to: Message; readonly leader: ReplicaId }
  /** From the replica that took a proposal, when it has applied it. */
  | { readonly type: "reply"; readonly to: Message; readonly reply: Reply; readonly index: LogIndex }
  /** From the replica that took a command: a later output. */
  | {
      readonly type: "output";
      readonly to: Message;
      readonly output: ServiceCommandOutput;
      readonly complete: boolean;
      readonly index: LogIndex;
    }
  | { readonly type: "answer"; readonly to: Message; readonly answer: QueryAnswer; readonly index: LogIndex };

/** An entry that is to be: what its input says, or bytes that nobody looks into. The leader adds its timestamp to an input. */
export type ProposalBody =
  | { readonly input: CommandInput["input"]; readonly bytes?: undefined }
  | { readonly input?: undefined; readonly bytes: Uint8Array };

export interface Message {
  readonly id: string;
  readonly address: Address;
  readonly kind: MessageKind;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly partition: PartitionId;
  /** In words. */
  readonly what: string;
  readonly body: Body;
  /** Of a question: who waits for its answers; null: nobody. */
  readonly asker: Asker | null;
  readonly stream: Stream | null;
  readonly position: number;
}

export function newStream(): Stream {
  return { sent: 0, expected: 0, lastArrival: 0, broken: false };
}

/** A message; on a stream it gets the next position. */
export function messageOf(
  id: string,
  kind: MessageKind,
  from: Endpoint,
  to: Endpoint,
  partition: PartitionId,
  what: string,
  body: Body,
  stream: Stream | null = null,
  asker: Asker | null = null,
): Message {
  // What opens a stream has no place in it: its answers do.
  const position = stream === null || asker !== null ? 0 : stream.sent++;
  return { id, address: addressOf(id), kind, from, to, partition, what, body, asker, stream, position };
}
