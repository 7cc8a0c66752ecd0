// Plays a written log on two bare machines and judges it: the first only applies the entries; the second is also asked,
// restarted and offered damaged states. No clients, no messages: what breaks here is the machine's.
import { Micros } from "../base/time.js";
import { createJudge } from "../checker/judge.js";
import type { Judgement } from "../checker/verdict.js";
import { benchOf, type Contestant, plainContestant } from "../explore/contestant.js";
import { endsWithin } from "../explore/ends-within.js";
import { version } from "../explore/package.js";
import { installTraps, type Touch, trapsInstalled, withTraps } from "../explore/traps.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import { MachineBroke } from "../protocol/machine-errors.js";
import type { Entry, MachineKind, StateMachine } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import { type Trace, TRACE_TOOL } from "../trace/file.js";
import { type BrokeLine, type EventLine, type HeaderLine, type ObserveLine, TRACE_FORMAT } from "../trace/line.js";
import { Recorder } from "../trace/recorder.js";
import { inputOf, isEntry, type LogStep, queryOf } from "./log-steps.js";

const UNDISTURBED = 1;
const ACCUSED = 2;

/** A machine that has not come to the end of a log by then hangs. Milliseconds; less than a test may usually take. */
const PATIENCE = 4000;

/**
 * Plays the log and says what the judge says. Both machines are observed after every step; one that hangs is stopped:
 * `patience` is how long the whole log may take, in milliseconds.
 *
 *     expect(judgeLog(myMachine, [{ at: "0s", open: "5s" }, { at: "5s", tick: true }]).first).toBeNull();
 */
export function judgeLog(
  accused: MachineKind | Contestant,
  steps: readonly LogStep[],
  patience: number = PATIENCE,
): Judgement {
  installTraps();
  return playLog("create" in accused ? plainContestant(accused) : accused, steps, "log", patience).judgement;
}

/** Plays the log as judgeLog does, and keeps the lines. `name`: what the trace calls the scenario. */
export function recordLog(accused: Contestant, steps: readonly LogStep[], name: string): JudgedLog {
  installTraps();
  return playLog(accused, steps, name, PATIENCE);
}

/** A log that was played. */
export interface JudgedLog {
  readonly judgement: Judgement;
  readonly trace: Trace;
}

function playLog(contestant: Contestant, steps: readonly LogStep[], name: string, patience: number): JudgedLog {
  // Another process is watched by whoever talks to it, and must not be left in the middle of a sentence.
  const elsewhere = contestant.machine.name.startsWith("exec:");
  for (let limit = elsewhere ? Number.POSITIVE_INFINITY : patience; ; limit *= 2) {
    const judged = new LogJudge(contestant, name).play(steps, limit, limit > patience * MOST_TIMES);
    if (judged !== undefined) return judged;
  }
}

/** A call in which a machine worked less was not what took the time, but others at work on the same processor. Milliseconds. */
const LEAST_WORK = 40;
/** Nor is waited for ever for a machine that does not work at all. */
const MOST_TIMES = 4;

/** The machine broke: nothing more can be asked of it. */
class Broken extends Error {}

interface Asking {
  readonly replica: number;
  readonly during: BrokeLine["during"];
  readonly since: NodeJS.CpuUsage;
}

class LogJudge {
  readonly #machine: MachineKind;
  readonly #judge;
  readonly #recorder: Recorder;
  readonly #replicas: StateMachine[] = [];
  readonly #kinds = new Map<number, string>();
  readonly #traps = trapsInstalled();
  #index = LogIndex(0n);
  #t = Micros(0);
  #saved = 0;
  #asked = 0;
  /** What is being asked of a machine; undefined in between. */
  #asking: Asking | undefined;

  constructor(contestant: Contestant, name: string) {
    const { machine, bug } = contestant;
    this.#machine = machine;
    const header = headerOf(machine, bug, name);
    this.#judge = createJudge(header, { traps: this.#traps, ...benchOf(contestant) });
    this.#recorder = new Recorder(header);
    machine.begin?.();
    this.#replicas[UNDISTURBED] = machine.create();
    this.#replicas[ACCUSED] = machine.create();
  }

  /** Undefined where time was up and nobody is to blame; `last`: whoever was asked then is. */
  play(steps: readonly LogStep[], patience: number, last: boolean): JudgedLog | undefined {
    const playThem = (): void => {
      for (const step of steps) this.#step(step);
    };
    try {
      // What stops a machine passes by its `finally`s, those of the traps too: they are put to sleep out here.
      const ended = withTraps(
        () => undefined,
        () => endsWithin(patience, playThem),
      );
      if (!ended && !this.#hung(patience, last)) return undefined;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
    return { judgement: this.#judge.finish(), trace: this.#recorder.finish() };
  }

  // Time is up: whatever was being asked of a machine then hangs.
  #hung(patience: number, last: boolean): boolean {
    if (this.#asking === undefined) return false;
    const { replica, during, since } = this.#asking;
    const { user, system } = process.cpuUsage(since);
    if ((user + system) / 1000 < LEAST_WORK && !last) return false;
    const message = `did not come to an end within ${patience / 1000} s`;
    this.#see({ ...this.#at(replica), e: "broke", during, how: "hung", message });
    return true;
  }

  #step(step: LogStep): void {
    this.#t = Micros(this.#t + 1);
    if (isEntry(step)) {
      this.#index = LogIndex(this.#index + 1n);
      if ("create" in step) this.#kinds.set(Number(this.#index), step.create);
      this.#apply(
        entryOf(
          this.#index,
          inputOf(step, (service) => this.#kinds.get(service) ?? ""),
        ),
      );
    } else if ("query" in step) {
      this.#query(queryOf(step, (service) => this.#kinds.get(service) ?? ""));
    } else if ("restart" in step) {
      this.#restart(step.chunks);
    } else {
      this.#damage();
    }
  }

  #apply(entry: Entry): void {
    const { input, bytes, index } = entry;
    const head = { e: "commit", t: this.#t, partition: 1, index, term: 1, origin: `entry ${index}`, input } as const;
    this.#see(input === "undecodable" ? { ...head, bytes } : head);
    for (const replica of [UNDISTURBED, ACCUSED]) {
      const applied = this.#call(replica, "apply", (machine) => machine.apply(entry));
      this.#see({ ...this.#at(replica), e: "apply", applied });
    }
    for (const replica of [UNDISTURBED, ACCUSED]) this.#observe(replica, "drawn");
  }

  #query(input: ReturnType<typeof queryOf>): void {
    const about = { ...this.#at(ACCUSED), query: `query ${++this.#asked}`, sync: false, input };
    this.#see({ ...about, e: "query", parked: false });
    this.#observe(ACCUSED, "before-query");
    const answer = this.#call(ACCUSED, "query", (machine) => machine.query(input));
    this.#see({ ...about, e: "answer", answer });
    this.#observe(ACCUSED, "after-query");
  }

  #restart(size: number | undefined): void {
    const saved = this.#save();
    this.#see({ e: "replica", t: this.#t, partition: 1, replica: ACCUSED, change: "crash" });
    this.#replicas[ACCUSED] = this.#machine.create();
    this.#see({ e: "replica", t: this.#t, partition: 1, replica: ACCUSED, change: "restart" });
    const chunks: Uint8Array[] = [];
    const length = size ?? Math.max(1, saved.length);
    for (let from = 0; from < saved.length; from += length) chunks.push(saved.subarray(from, from + length));
    const result = this.#call(ACCUSED, "restore", (machine) => machine.restore(chunks));
    this.#see({ ...this.#offer(chunks.map((each) => each.length)), result });
    if (result.kind === "refused") throw new Broken();
    this.#observe(ACCUSED, "restored");
  }

  #damage(): void {
    const bytes = this.#save().slice();
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    this.#observe(ACCUSED, "before-refusal");
    const result = this.#call(ACCUSED, "restore", (machine) => machine.restore([bytes]));
    this.#see({ ...this.#offer([bytes.length]), result, bytes, damage: `bit 0 of byte ${last} turned over` });
    this.#observe(ACCUSED, "after-refusal");
  }

  #offer(chunks: readonly number[]) {
    return { ...this.#at(ACCUSED), e: "restore", snapshot: this.#saved, why: "restart", chunks } as const;
  }

  #save(): Uint8Array {
    const bytes = this.#call(ACCUSED, "snapshot", (machine) => machine.snapshot());
    this.#see({ ...this.#at(ACCUSED), e: "save", snapshot: ++this.#saved, bytes });
    return bytes;
  }

  #observe(replica: number, why: ObserveLine["why"]): void {
    const look = (machine: StateMachine): Uint8Array => machine.observe?.() ?? machine.snapshot();
    const bytes = this.#call(replica, "snapshot", look);
    this.#see({ ...this.#at(replica), e: "observe", why, bytes });
  }

  #at(replica: number) {
    return { t: this.#t, partition: 1, replica, index: this.#index } as const;
  }

  #see(line: EventLine): void {
    this.#recorder.take(line);
    this.#judge.see(line);
  }

  #call<Result>(replica: number, during: BrokeLine["during"], call: (machine: StateMachine) => Result): Result {
    const machine = this.#replicas[replica] as StateMachine;
    const touches: Touch[] = [];
    this.#asking = { replica, during, since: process.cpuUsage() };
    try {
      return this.#traps
        ? withTraps(
            (touch) => touches.push(touch),
            () => call(machine),
          )
        : call(machine);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const how = error instanceof MachineBroke ? error.how : "threw";
      this.#see({ ...this.#at(replica), e: "broke", during, how, message });
      throw new Broken(message);
    } finally {
      this.#asking = undefined;
      for (const { source, stack } of touches) this.#see({ ...this.#at(replica), e: "ambient", source, stack });
    }
  }
}

function entryOf(index: LogIndex, input: ReturnType<typeof inputOf>): Entry {
  return input instanceof Uint8Array ? decodeEntry(index, input) : decodeEntry(index, makeEntry(index, input).bytes);
}

function headerOf({ name, capabilities }: MachineKind, bug: string | null, scenario: string): HeaderLine {
  return {
    e: "header",
    format: TRACE_FORMAT,
    tool: TRACE_TOOL,
    version: version(),
    seed: null,
    scenario,
    bug,
    terms: {
      machine: { name, capabilities },
      partitions: [{ partition: 1, replicas: 2 }],
      livenessBound: Micros(1),
      played: "log",
    },
    plan: null,
  };
}
