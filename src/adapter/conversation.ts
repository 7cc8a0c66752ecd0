// The talk with one foreign process: numbers the calls, keeps the window, matches answers to calls, and where an answer is
// missing or is none, says what happened in words that help. What the answers mean is exec-machine.ts's business.
import { decode, encode } from "../protocol/codec.js";
import { MachineBroke, UnfitError } from "../protocol/machine-errors.js";
import { Request, Response, type Welcome } from "../proto/multiraft_sim/host/v1/host.js";
import { FrameError, FrameReader, FrameWriter } from "./frame.js";
import { MachineProcess, type PostMortem } from "./machine-process.js";

/** The version of the protocol that this harness speaks. */
export const HOST_PROTOCOL = 1;
/** The longest frame that this harness takes. */
export const MOST_FRAME_BYTES = 64 * 1024 * 1024;

/** How long a process that reads nothing any more is listened to, in milliseconds. */
const LAST_ANSWER_WITHIN = 200;
/** How long is waited for the end and the last words of a process, where it ends and where it goes on. Milliseconds. */
const LAST_WORDS = 1000;
const FEW_WORDS = 50;

type Ask = NonNullable<Request["request"]>;
type Answer = NonNullable<Response["response"]>;
export type AnswerOf<Case extends Answer["$case"]> = Extract<Answer, { $case: Case }>["value"];

export interface ConversationOptions {
  /** The words of the command line. */
  readonly command: readonly string[];
  readonly folder?: string;
  /** Which of several workers asks, from 0, so that each takes a core of its own. */
  readonly job?: number;
  /** How long an answer may take, and how long the first one may, in milliseconds. */
  readonly answerWithin: number;
  readonly startWithin: number;
}

interface Flight {
  readonly call: number;
  readonly instance: number;
  readonly what: string;
}

export class Conversation {
  readonly welcome: Welcome;
  readonly #process: MachineProcess;
  readonly #reader = new FrameReader(MOST_FRAME_BYTES);
  readonly #writer = new FrameWriter();
  readonly #options: ConversationOptions;
  /** Asked with post(), and not answered yet. Each is to be answered by `done`. */
  #posted: Flight[] = [];
  #calls = 0;
  #window = 1;
  #deaf = false;
  /** The call that was answered last, for the one who answers twice. */
  #last = "hello";
  #broken: MachineBroke | undefined;

  /** Starts the process and greets it. Throws an UnfitError where it can't be talked to. */
  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#process = new MachineProcess(options.command, options.folder);
    this.welcome = this.#greet();
    this.#window = Math.max(1, this.welcome.window);
    this.#process.shareCore(options.job);
  }

  get broken(): boolean {
    return this.#broken !== undefined;
  }

  /** Asks without waiting for the answer, which is `done` and nothing else. */
  post(instance: number, request: Ask, what: string): void {
    this.#mustBeAlive(what);
    while (this.#posted.length + 1 >= this.#window && this.#posted.length > 0) this.#waitForPosted(what);
    this.#posted.push({ call: this.#put(instance, request), instance, what });
  }

  /** Asks and waits for the answer, which must be of the kind `expected`. */
  ask<Case extends Answer["$case"]>(instance: number, request: Ask, expected: Case, what: string): AnswerOf<Case> {
    this.#mustBeAlive(what);
    while (this.#posted.length >= this.#window) this.#waitForPosted(what);
    const call = this.#put(instance, request);
    return this.#answerTo(call, instance, expected, what);
  }

  /** The same for an entry: `input` are the committed bytes. */
  apply(instance: number, index: bigint, input: Uint8Array): AnswerOf<"applied"> {
    const what = applyInWords(instance, index);
    this.#mustBeAlive(what);
    while (this.#posted.length >= this.#window) this.#waitForPosted(what);
    if (index > BigInt(Number.MAX_SAFE_INTEGER)) {
      const call = this.#put(instance, { $case: "apply", value: { index, input } });
      return this.#answerTo(call, instance, "applied", what);
    }
    const call = ++this.#calls;
    this.#writer.addApply(call, instance, Number(index), input);
    return this.#answerTo(call, instance, "applied", what);
  }

  /** Asks what is answered in several pieces; `part` takes each of them and says whether it was the last one. */
  askInParts<Case extends "saved" | "observed">(
    instance: number,
    request: Ask,
    expected: Case,
    what: string,
    part: (answer: AnswerOf<Case>) => boolean,
  ): void {
    this.#mustBeAlive(what);
    const call = this.#put(instance, request);
    while (!part(this.#answerTo(call, instance, expected, what)));
  }

  /** Sends what has no answer of its own: a Restore that is not the last one. */
  tell(instance: number, request: Ask, what: string): void {
    this.#mustBeAlive(what);
    this.#put(instance, request);
    this.#process.startWaiting(this.#options.answerWithin);
    this.#flush(what);
    this.#process.stopWaiting();
  }

  /** The machine answered, but what it said can't be. Ends the process; throws. */
  reject(what: string, because: string): never {
    return this.#break("threw", what, because);
  }

  close(): void {
    this.#broken ??= new MachineBroke("silent", "the conversation is over");
    this.#process.close();
  }

  #greet(): Welcome {
    const hello: Ask = {
      $case: "hello",
      value: { leastVersion: HOST_PROTOCOL, mostVersion: HOST_PROTOCOL, maxFrameBytes: BigInt(MOST_FRAME_BYTES) },
    };
    try {
      const call = this.#put(0, hello);
      const welcome = this.#answerTo(call, 0, "welcome", "hello", this.#options.startWithin);
      if (welcome.version === HOST_PROTOCOL) return welcome;
      this.#break("threw", "hello", `it speaks version ${welcome.version} of the protocol, not ${HOST_PROTOCOL}`);
    } catch (error) {
      if (error instanceof MachineBroke)
        throw new UnfitError(`\`${this.#options.command.join(" ")}\`: ${error.message}`);
      throw error;
    }
  }

  #put(instance: number, request: Ask): number {
    const call = ++this.#calls;
    this.#writer.add(encode(Request, { call: BigInt(call), instance: BigInt(instance), request }));
    return call;
  }

  #mustBeAlive(what: string): void {
    if (this.#broken !== undefined)
      throw new MachineBroke("silent", `${what} was not asked: ${firstLine(this.#broken)}`);
  }

  #waitForPosted(what: string): void {
    this.#process.startWaiting(this.#options.answerWithin);
    this.#flush(what);
    this.#takePosted();
    this.#process.stopWaiting();
  }

  #takePosted(): void {
    const flight = this.#posted.shift() as Flight;
    this.#take(flight, "done");
  }

  #answerTo<Case extends Answer["$case"]>(
    call: number,
    instance: number,
    expected: Case,
    what: string,
    limit = this.#options.answerWithin,
  ): AnswerOf<Case> {
    this.#process.startWaiting(limit);
    this.#flush(what);
    while (this.#posted.length > 0) this.#takePosted();
    const answer = this.#take({ call, instance, what }, expected);
    this.#process.stopWaiting();
    return answer as AnswerOf<Case>;
  }

  #flush(what: string): void {
    if (this.#writer.length === 0) return;
    if (this.#process.write(this.#writer.take())) return;
    if (this.#process.ranOut) this.#break("hung", what, "");
    // Nobody reads. What it may have written before it stopped says more than that, so the answer is still looked for.
    this.#deaf = true;
    this.#process.startWaiting(Math.min(this.#options.answerWithin, LAST_ANSWER_WITHIN));
  }

  /** The answer to one call, checked for belonging to it. */
  #take(flight: Flight, expected: Answer["$case"]): Answer["value"] {
    const frame = this.#frame(flight.what);
    let response: Response;
    try {
      response = decode(Response, frame);
    } catch (error) {
      return this.#break("threw", flight.what, `what came is no Response (${String(error)}): ${asShown(frame)}`);
    }
    const { call, instance } = response;
    if (Number(call) !== flight.call) {
      const twice = Number(call) < flight.call ? `, which was answered before (${this.#last} was the last)` : "";
      this.#break(
        "threw",
        flight.what,
        `it answered call ${call}${twice}, where call ${flight.call} was to be answered`,
      );
    }
    if (Number(instance) !== flight.instance) {
      this.#break("threw", flight.what, `it answered for instance ${instance}, not ${flight.instance}`);
    }
    const answer = response.response;
    if (answer?.$case === "broke") this.#break("threw", flight.what, `it says that it failed: ${answer.value.message}`);
    if (answer?.$case !== expected) {
      this.#break("threw", flight.what, `it answered "${answer?.$case ?? "nothing"}", where "${expected}" was to come`);
    }
    this.#last = flight.what;
    return answer.value;
  }

  #frame(what: string): Uint8Array {
    const reader = this.#reader;
    for (;;) {
      try {
        const frame = reader.next();
        if (frame !== undefined) return frame;
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        const because = `what came on its stdout is no frame (${error.message}): ${asShown(reader.waiting)}`;
        return this.#break("threw", what, because);
      }
      reader.makeRoom();
      const count = this.#process.read(reader.bytes, reader.end);
      if (count === 0) return this.#break("silent", what, "its stdout ended");
      reader.filled(count);
    }
  }

  /** Ends the process, and throws what is known: what was asked, what went wrong, how it ended, its last words. */
  #break(how: MachineBroke["how"], what: string, because: string): never {
    const ranOut = this.#process.ranOut;
    this.#process.stopWaiting();
    const seen = this.#process.postMortem(ranOut || how === "silent" ? LAST_WORDS : FEW_WORDS);
    const half = this.#reader.waiting;
    const hung = ranOut && !this.#deaf;
    const lines = [
      `${what}: ${hung ? this.#outOfTime() : how === "silent" ? this.#gone(because, seen, ranOut) : because}`,
    ];
    if (half.length > 0 && (hung || how === "silent"))
      lines.push(`half a frame had come on its stdout: ${asShown(half)}`);
    if (seen.stderr.length === 0) lines.push("its stderr is empty");
    else lines.push(`its stderr ends with (of ${seen.stderrBytes} bytes):`, ...seen.stderr.map((line) => `  ${line}`));
    this.#broken = new MachineBroke(hung ? "hung" : how, lines.join("\n"));
    this.#process.kill();
    this.#process.close();
    throw this.#broken;
  }

  #outOfTime(): string {
    const limit = this.#calls === 1 ? this.#options.startWithin : this.#options.answerWithin;
    return `no answer within ${limit} ms, so the process was killed`;
  }

  #gone(because: string, seen: PostMortem, killed: boolean): string {
    const why = this.#deaf ? "it does not read its stdin any more" : because;
    return seen.exited && !killed ? `the process ended (${seen.end})` : `${why}, though the process still ran`;
  }
}

/** What an entry's call is called in a report. */
function applyInWords(instance: number, index: bigint): string {
  return `apply of entry ${index} on instance ${instance}`;
}

function firstLine(error: Error): string {
  return error.message.split("\n", 1)[0] ?? "";
}

const MOST_SHOWN = 64;
const LEAST_TEXT = 6;

/** Bytes for a person: as text where they begin as text, which on stdout is the likely mistake; else in hex. */
function asShown(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, MOST_SHOWN));
  const more = bytes.length > MOST_SHOWN ? ` … (${bytes.length} bytes)` : "";
  const text = /^[\t\n\r\x20-\x7e]*/.exec(shown.toString("latin1"))?.[0] ?? "";
  if (text.length < LEAST_TEXT && text.length < shown.length) return `hex ${shown.toString("hex")}${more}`;
  return `the text ${JSON.stringify(text)}${more} – logs belong on stderr`;
}
