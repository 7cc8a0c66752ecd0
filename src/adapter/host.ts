// The other end: serves a MachineKind of this program to whoever speaks the host protocol. One request after the other; any
// number of replicas. What the machine throws is told, not thrown. Written answers are kept until the input runs dry.
import { decode, encode } from "../protocol/codec.js";
import { decodeEntry } from "../protocol/entry.js";
import type { Applied, Capabilities, MachineKind, QueryAnswer, StateMachine } from "../protocol/machine.js";
import { open } from "../protocol/snapshot-envelope.js";
import { LogIndex } from "../protocol/words.js";
import {
  Readability,
  Request,
  Response,
  type Answered,
  type Applied as AppliedFrame,
  type Hello,
  type Welcome,
} from "../proto/multiraft_sim/host/v1/host.js";
import { HOST_PROTOCOL, MOST_FRAME_BYTES } from "./conversation.js";
import { FrameReader, FrameWriter } from "./frame.js";

/** Where requests come from and answers go to. */
export interface Line {
  /** Reads at least one byte into `into` from `from` on, and says how many; 0: there will be no more. */
  read(into: Uint8Array, from: number): number;
  /** Writes all of it. */
  write(bytes: Uint8Array): void;
}

type Answer = NonNullable<Response["response"]>;

interface Instance {
  readonly machine: StateMachine;
  /** Chunks of a restore that is not at its end. */
  chunks: Uint8Array[];
}

/** Serves the machine until the line ends. Throws a FrameError where what comes is no frame. */
export function serve(kind: MachineKind, line: Line): void {
  const reader = new FrameReader(MOST_FRAME_BYTES);
  const writer = new FrameWriter();
  const host = new Host(kind, writer);
  for (;;) {
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) host.take(frame);
    if (writer.length > 0) line.write(writer.take());
    reader.makeRoom();
    const count = line.read(reader.bytes, reader.end);
    if (count === 0) return;
    reader.filled(count);
  }
}

/** How many requests may wait for their answers here: the input is a queue, so the pipe's own size is the limit. */
const WINDOW = 256;
/** The length of a piece of a saved state, well below what any frame may have. */
const PIECE = 1 << 20;

class Host {
  readonly #kind: MachineKind;
  readonly #writer: FrameWriter;
  readonly #instances = new Map<bigint, Instance>();

  constructor(kind: MachineKind, writer: FrameWriter) {
    this.#kind = kind;
    this.#writer = writer;
  }

  take(frame: Uint8Array): void {
    const { call, instance, request } = decode(Request, frame);
    const answer = (response: Answer): void => this.#writer.add(encode(Response, { call, instance, response }));
    try {
      this.#answer(instance, request, answer);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      answer({ $case: "broke", value: { message } });
    }
  }

  #answer(id: bigint, request: Request["request"], answer: (response: Answer) => void): void {
    switch (request?.$case) {
      case "hello":
        return answer({ $case: "welcome", value: welcome(this.#kind, request.value) });
      case "reset":
        this.#instances.set(id, { machine: this.#kind.create(), chunks: [] });
        return answer({ $case: "done", value: {} });
      case "apply": {
        const index = LogIndex(request.value.index);
        const applied = this.#instance(id).machine.apply(decodeEntry(index, request.value.input));
        return answer({ $case: "applied", value: appliedFrame(index, applied) });
      }
      case "query": {
        const input = request.value.input ?? { maxReceivedIndex: 0n, input: undefined };
        return answer({ $case: "answered", value: answeredFrame(this.#instance(id).machine.query(input)) });
      }
      case "save":
        for (const piece of pieces(this.#instance(id).machine.snapshot())) answer({ $case: "saved", value: piece });
        return;
      case "restore": {
        const instance = this.#instance(id);
        instance.chunks.push(...request.value.chunks);
        if (!request.value.last) return;
        const result = instance.machine.restore(instance.chunks);
        instance.chunks = [];
        const refused = result.kind === "refused";
        return answer({ $case: "restored", value: { refused, message: refused ? result.message : "" } });
      }
      case "observe":
        for (const piece of pieces(observed(this.#instance(id).machine))) answer({ $case: "observed", value: piece });
        return;
      default:
        throw new Error("a request that this host does not know");
    }
  }

  #instance(id: bigint): Instance {
    const instance = this.#instances.get(id);
    if (instance === undefined) throw new Error(`instance ${id} was never reset`);
    return instance;
  }
}

/** What observe() answers, out of its envelope. */
function observed(machine: StateMachine): Uint8Array {
  if (machine.observe === undefined) throw new Error("this machine is observed by what Save answers");
  const opened = open(machine.observe());
  if (opened.kind === "refused") throw new Error(`what observe() answers: ${opened.message}`);
  return opened.payload;
}

function welcome(kind: MachineKind, hello: Hello): Welcome {
  if (hello.leastVersion > HOST_PROTOCOL || hello.mostVersion < HOST_PROTOCOL) {
    throw new Error(`version ${HOST_PROTOCOL} only, not ${hello.leastVersion} to ${hello.mostVersion}`);
  }
  const { services, snapshots, observations, ticks } = kind.capabilities;
  return {
    version: HOST_PROTOCOL,
    name: kind.name,
    services: [...services],
    snapshots: READABILITY[snapshots],
    observations: READABILITY[observations ?? "opaque"],
    ticks,
    window: WINDOW,
    maxFrameBytes: BigInt(MOST_FRAME_BYTES),
    sameCodec: kind.capabilities.codec !== "own",
  };
}

const READABILITY: Readonly<Record<Capabilities["snapshots"], Readability>> = {
  opaque: Readability.OPAQUE,
  readable: Readability.READABLE,
  canonical: Readability.CANONICAL,
};

function appliedFrame(index: LogIndex, { reply, emissions }: Applied): AppliedFrame {
  const emitted = emissions.map(({ sessionId, commandNum, output, complete }) => {
    return { sessionId, commandNum, output, complete };
  });
  if (reply.kind === "failure") {
    return { index, reply: { $case: "failure", value: reply }, emissions: emitted };
  }
  const value = { outputs: [...reply.outputs], complete: reply.complete };
  return { index, reply: { $case: "answer", value }, emissions: emitted };
}

function answeredFrame(answer: QueryAnswer): Answered {
  if (answer.kind === "failure") return { answer: { $case: "failure", value: answer } };
  return { answer: { $case: "output", value: answer.output } };
}

function* pieces(bytes: Uint8Array): Iterable<{ data: Uint8Array; last: boolean }> {
  let at = 0;
  for (; bytes.length - at > PIECE; at += PIECE) yield { data: bytes.subarray(at, at + PIECE), last: false };
  yield { data: bytes.subarray(at), last: true };
}
