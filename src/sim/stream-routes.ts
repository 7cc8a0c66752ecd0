// Where the outputs of a replica's entries go: the answer to whoever asked this replica, and later outputs of an open command
// to whoever asked it last for that command. They belong to the replica's life: a crash or an installed snapshot ends them.
import { NANOS_PER_SECOND } from "../base/time.js";
import type { Applied } from "../protocol/machine.js";
import type { LogRecord, Proposal } from "./log.js";
import { messageOf, type Message } from "./message.js";
import type { ReplicaHost } from "./replica.js";

interface Route {
  readonly message: Message;
  readonly proposal: Proposal;
}

/** More numbers than this in a session are not followed: only hostile senders use them. */
const MOST_ROUTED = 2 ** 20;

export class StreamRoutes {
  readonly #routes = new Map<number, Route>();

  constructor(private readonly host: ReplicaHost) {}

  get open(): boolean {
    return this.#routes.size > 0;
  }

  /** Sends what came out of an entry. */
  pass(record: LogRecord, { reply, emissions }: Applied): void {
    const { host } = this;
    const { index } = record.entry;
    const proposal = record.answers;
    const mine = proposal !== null && proposal.taker === host.replica && proposal.takerLife === host.life;
    const key = routeOf(record);
    if (mine && proposal.message !== null) {
      const { message } = proposal;
      if (key >= 0 && message.stream !== null) {
        if (reply.kind === "answer" && !reply.complete) this.#routes.set(key, { message, proposal });
        else this.#routes.delete(key);
      }
      const body = { type: "reply", to: message, reply, index } as const;
      this.#send(`${proposal.origin}/reply`, "reply", message, "reply", body);
    } else if (key >= 0 && this.#routes.size > 0) this.#routes.delete(key);
    if (this.#routes.size === 0) return;
    for (const { sessionId, commandNum, output, complete } of emissions) {
      const to = keyOf(sessionId, commandNum);
      const route = to < 0 ? undefined : this.#routes.get(to);
      if (route === undefined) continue;
      if (complete) this.#routes.delete(to);
      const body = { type: "output", to: route.message, output, complete, index } as const;
      const what = `output ${output.sequenceNum}`;
      this.#send(`${route.proposal.origin}/${what}`, "output", route.message, what, body);
    }
  }

  clear(): void {
    this.#routes.clear();
  }

  /** Drops those of clients that are gone. */
  sweep(): void {
    for (const [key, route] of this.#routes) if (route.message.from.presence() === "down") this.#routes.delete(key);
  }

  #send(id: string, kind: "reply" | "output", to: Message, what: string, body: Message["body"]): void {
    const { host } = this;
    host.network.send(messageOf(id, kind, host, to.from, host.partition, what, body, to.stream));
  }
}

// Where the outputs of an entry's command go: a key made of its session and number; -1 where it is no service command.
function routeOf(record: LogRecord): number {
  const { input } = record.entry;
  if (input === "undecodable" || input.input?.$case !== "sessionCommand") return -1;
  const { sessionId, input: inner } = input.input.value;
  return inner?.$case === "serviceCommand" ? keyOf(sessionId, inner.value.sequenceNum) : -1;
}

function keyOf(session: bigint, number: bigint): number {
  if (number >= BigInt(MOST_ROUTED) || session >= NANOS_PER_SECOND) return -1;
  return Number(session) * MOST_ROUTED + Number(number);
}
