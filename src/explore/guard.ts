// A thread that is asked and watched, for what may never answer: a machine that hangs. The one who asks waits meanwhile, so
// that whoever needs a play can ask as if it were played here. When a call of the machine does not come to an end, the thread
// is ended, and another one is asked the same with that call known to hang. Which file it runs is the composer's business.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { UsageError } from "../base/usage-error.js";
import { UnfitError } from "../protocol/machine-errors.js";
import { Pulse } from "./watch.js";

/** What the thread is told at its start. */
export interface GuardStart {
  readonly data: unknown;
  readonly pulse: SharedArrayBuffer;
  readonly signal: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** One question, with the calls that are known to hang: by play, from 0, and by call, from 1. */
export interface GuardTask {
  readonly question: unknown;
  readonly hangs: ReadonlyMap<number, readonly number[]>;
}

/** What the thread says. */
export type GuardSays =
  | { readonly kind: "answer"; readonly answer: unknown }
  | {
      readonly kind: "threw";
      readonly what: "usage" | "unfit" | "ours";
      readonly message: string;
      readonly todo: string;
    };

/** The thread's signal: cell 0 counts answers, and is ENDED when it ends by itself; cell 1 is 1 once it listens. */
const ANSWERS = 0;
const LISTENS = 1;
const ENDED = -1;

/** How often it is looked at. Milliseconds. */
const LOOK = 20;
/** A thread that gets no processor is not one that hangs: so much longer is waited by the clock on the wall. */
const STARVED = 10;
/** What is no call of a machine may take so long before it is our own bug. Milliseconds. */
const HARNESS_PATIENCE = 300_000;
/** A machine that hangs in so many calls of one play is asked no more. */
const MOST_HANGS = 8;

export interface GuardOptions {
  readonly file: URL;
  readonly data: unknown;
}

export class Guard {
  readonly #options: GuardOptions;
  readonly #known = new Map<string, Map<number, number[]>>();
  #hand: Hand | undefined;
  #spare: Hand | undefined;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /**
   * Asks, and waits. `patience`: milliseconds of processor time for one call of the machine. `plays`: a name for what is
   * played; of questions with one name, only the first one waits for the calls that hang.
   */
  ask(question: unknown, patience: number, plays?: string): unknown {
    const hangs = (plays === undefined ? undefined : this.#known.get(plays)) ?? new Map<number, number[]>();
    if (plays !== undefined) this.#known.set(plays, hangs);
    for (;;) {
      this.#hand ??= this.#spare ?? new Hand(this.#options);
      if (this.#hand === this.#spare) this.#spare = undefined;
      const said = this.#hand.ask({ question, hangs }, patience, this.#spare?.listens === false);
      if (said.kind === "answer") return said.answer;
      if (said.kind === "threw") throw errorOf(said);
      this.#hand.end();
      this.#hand = undefined;
      if (said.hungAt === undefined) throw new UnfitError(said.reason);
      const calls = hangs.get(said.play) ?? [];
      if (calls.length === MOST_HANGS) throw new UnfitError(`the machine hangs in ${MOST_HANGS} calls of one run`);
      hangs.set(said.play, [...calls, said.hungAt]);
      // Where one call hangs, others will: the next thread gets ready while the last one is being watched.
      this.#hand = this.#spare ?? new Hand(this.#options);
      this.#spare = new Hand(this.#options);
    }
  }

  close(): void {
    this.#hand?.end();
    this.#spare?.end();
    this.#hand = this.#spare = undefined;
  }
}

/** A thread that gave no answer. */
interface Lost {
  readonly kind: "lost";
  readonly reason: string;
  readonly play: number;
  /** The call that did not end; absent: the thread ended by itself. */
  readonly hungAt?: number;
}

class Hand {
  readonly #worker: Worker;
  readonly #pulse = new Pulse();
  readonly #signal = new Int32Array(new SharedArrayBuffer(8));
  readonly #port: MessagePort;
  #asked = 0;

  constructor({ file, data }: GuardOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const signal = this.#signal.buffer as SharedArrayBuffer;
    const start: GuardStart = { data, pulse: this.#pulse.buffer, signal, port: port2 };
    this.#worker = new Worker(file, { workerData: start, transferList: [port2] });
    this.#worker.on("error", () => undefined);
    this.#worker.unref();
    this.#port.unref();
  }

  get listens(): boolean {
    return Atomics.load(this.#signal, LISTENS) === 1;
  }

  /** `crowded`: something else of this process is at work, too. */
  ask(task: GuardTask, patience: number, crowded: boolean): GuardSays | Lost {
    const pulse = this.#pulse;
    pulse.seed = -1;
    pulse.ended(0);
    this.#port.postMessage(task);
    const before = this.#asked++;
    const still = new Standstill();
    // What counts is the cell, not why the wait was over: threads are woken for no reason, too.
    while (Atomics.load(this.#signal, ANSWERS) === before) {
      Atomics.wait(this.#signal, ANSWERS, before, LOOK);
      const { cpu, wall } = still.seenAt(`${pulse.seed}:${pulse.calls}:${this.listens}`);
      if (pulse.inCall && wall >= patience && (cpu >= patience * (crowded ? 2 : 1) || wall >= patience * STARVED)) {
        return { kind: "lost", reason: "the machine hangs", play: pulse.seed, hungAt: pulse.calls };
      }
      if (!pulse.inCall && wall >= HARNESS_PATIENCE) throw new Error("the harness did not come to an end");
    }
    const play = pulse.seed;
    if (Atomics.load(this.#signal, ANSWERS) === ENDED) {
      return { kind: "lost", reason: "the machine ended the thread that it was played in", play };
    }
    const received = receiveMessageOnPort(this.#port) as { readonly message: GuardSays } | undefined;
    if (received === undefined) throw new Error("a thread said that it had answered, and there was no answer");
    return received.message;
  }

  end(): void {
    this.#port.close();
    void this.#worker.terminate();
  }
}

/** Since when something has not changed, by the processor's time and by the clock on the wall. Milliseconds. */
class Standstill {
  #seen = "";
  #wall = performance.now();
  #cpu = process.cpuUsage();

  seenAt(now: string): { cpu: number; wall: number } {
    if (now !== this.#seen) {
      this.#seen = now;
      this.#wall = performance.now();
      this.#cpu = process.cpuUsage();
    }
    const { user, system } = process.cpuUsage(this.#cpu);
    return { cpu: (user + system) / 1000, wall: performance.now() - this.#wall };
  }
}

function errorOf({ what, message, todo }: Extract<GuardSays, { readonly kind: "threw" }>): Error {
  if (what === "usage") return new UsageError(message, todo);
  return what === "unfit" ? new UnfitError(message) : new Error(message);
}

/** The thread's side: answers every question by `answer`, which is told which calls are known to hang. */
export function answerQuestions(start: GuardStart, answer: (task: GuardTask) => Promise<unknown>): void {
  const signal = new Int32Array(start.signal);
  const say = (said: GuardSays): void => {
    start.port.postMessage(said);
    Atomics.add(signal, ANSWERS, 1);
    Atomics.notify(signal, ANSWERS);
  };
  process.on("exit", () => {
    Atomics.store(signal, ANSWERS, ENDED);
    Atomics.notify(signal, ANSWERS);
  });
  start.port.on("message", (task: GuardTask) => {
    void answer(task)
      .then((said): GuardSays => ({ kind: "answer", answer: said }), saidOf)
      .then(say);
  });
  Atomics.store(signal, LISTENS, 1);
}

function saidOf(error: unknown): GuardSays {
  if (error instanceof UsageError) return { kind: "threw", what: "usage", message: error.message, todo: error.todo };
  if (error instanceof UnfitError) return { kind: "threw", what: "unfit", message: error.message, todo: "" };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "threw", what: "ours", message, todo: "" };
}
