// What a check costs, warm, over the recorded histories beside Porcupine's times and the oracle's, and over generated classes.
// The search alone, one thread: reading files is not counted, partitioning is. Time is that of the processor, in batches of
// some milliseconds, and the figure is the least of them: what shares the machine only ever makes it more.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readJepsenEtcd } from "../src/checker/history-formats/jepsen-etcd.js";
import { readJsonLines } from "../src/checker/history-formats/json-lines.js";
import { readPorcupineKv } from "../src/checker/history-formats/porcupine-kv.js";
import type { Answer } from "../src/checker/linearizability/answer.js";
import { check } from "../src/checker/linearizability/check.js";
import type { Operation } from "../src/checker/linearizability/history.js";
import { operationsOf } from "../src/checker/linearizability/history.js";
import type { Model } from "../src/checker/linearizability/model.js";
import { counter } from "../src/checker/linearizability/models/counter.js";
import { kv } from "../src/checker/linearizability/models/kv.js";
import { queue } from "../src/checker/linearizability/models/queue.js";
import { casRegister } from "../src/checker/linearizability/models/register.js";
import type { Shape, Subject } from "../src/checker/linearizability/oracle/generate.js";
import { Draws, generate } from "../src/checker/linearizability/oracle/generate.js";
import {
  counters,
  distinctRegisters,
  distinctTexts,
  queues,
  registers,
  texts,
} from "../src/checker/linearizability/oracle/subjects.js";
import { wingGong } from "../src/checker/linearizability/oracle/wing-gong.js";

/** One row of the table; times in microseconds. */
export interface LinearizabilityFigure {
  readonly name: string;
  readonly operations: number;
  readonly verdict: string;
  readonly algorithm: string;
  readonly configurations: number;
  /** Of the batches. */
  readonly least: number;
  readonly median: number;
  /** Null: more configurations than it is given. */
  readonly oracle: number | null;
  /** Null: not measured, or more than ten seconds. */
  readonly porcupine: number | null;
}

/** What is measured, and whether the oracle is asked, too, which takes long. */
export interface Wanted {
  readonly only?: RegExp;
  readonly oracle?: boolean;
}

/** Microseconds after which the compiler has seen enough, of a batch, and of all batches of a round. */
const WARM_UP = 300_000;
const BATCH = 1000;
const MEASURED = 100_000;
const FEWEST_BATCHES = 2;
/** A history is measured in rounds, with all the others between them: a noisy neighbour is not noisy all the time. */
const ROUNDS = 3;
const ORACLE_LIMIT = 20_000;
const ORACLE_OPERATIONS = 20_000;
// Beside the sources, whether this runs from there or compiled, from dist.
const home = [
  new URL("../testdata/histories/", import.meta.url),
  new URL("../../testdata/histories/", import.meta.url),
].find((one) => existsSync(one)) as URL;

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

// One history, measured in rounds.
interface Measured {
  readonly name: string;
  round(): void;
  oracle(): number | null;
  figure(oracle: number | null): LinearizabilityFigure;
}

function measured<State, Input, Output>(
  name: string,
  model: Model<State, Input, Output>,
  draw: () => readonly Operation[],
  porcupine: number | null = null,
): Measured {
  let drawn: readonly Operation<Input, Output>[] | undefined;
  const operations = () => (drawn ??= draw() as readonly Operation<Input, Output>[]);
  let answer: Answer | undefined;
  let size = 0;
  const times: number[] = [];
  const warmUp = (): void => {
    const begin = cpuMicros();
    let runs = 0;
    for (; runs === 0 || cpuMicros() < begin + WARM_UP; runs++) answer = check(model, operations());
    size = Math.max(1, Math.round((BATCH * runs) / (cpuMicros() - begin)));
  };
  return {
    name,
    round() {
      if (size === 0) warmUp();
      const end = cpuMicros() + MEASURED;
      for (let batch = 0; batch < FEWEST_BATCHES || cpuMicros() < end; batch++) {
        const start = cpuMicros();
        for (let i = 0; i < size; i++) check(model, operations());
        times.push((cpuMicros() - start) / size);
      }
    },
    oracle() {
      if (operations().length > ORACLE_OPERATIONS) return null;
      const start = cpuMicros();
      const { linearizable } = wingGong(model, operations(), ORACLE_LIMIT);
      return linearizable === null ? null : cpuMicros() - start;
    },
    figure(oracle) {
      const sorted = times.toSorted((a, b) => a - b);
      return {
        name,
        operations: operations().length,
        verdict: answer?.verdict ?? "",
        algorithm: answer?.algorithms.join("+") ?? "",
        configurations: answer?.configurations ?? 0,
        least: sorted[0] ?? NaN,
        median: sorted[sorted.length >> 1] ?? NaN,
        oracle,
        porcupine,
      };
    },
  };
}

function measuredBy(name: string, model: string, draw: () => readonly Operation[], porcupine: number | null): Measured {
  switch (model) {
    case "kv":
      return measured(name, kv, draw, porcupine);
    case "counter":
      return measured(name, counter, draw, porcupine);
    case "queue":
      return measured(name, queue, draw, porcupine);
    default:
      return measured(name, casRegister, draw, porcupine);
  }
}

// The oracle comes last: what it leaves for the garbage collector would be in everybody else's times.
function figuresOf(all: readonly Measured[], { only = /./, oracle = true }: Wanted): LinearizabilityFigure[] {
  const chosen = all.filter(({ name }) => only.test(name));
  for (let round = 0; round < ROUNDS; round++) for (const one of chosen) one.round();
  return chosen.map((one) => one.figure(oracle ? one.oracle() : null));
}

/** The 82 recorded histories. */
export function recordedFigures(wanted: Wanted = {}): LinearizabilityFigure[] {
  const parse = (file: string): unknown => JSON.parse(readFileSync(new URL(file, home), "utf8"));
  const verdicts = parse("verdicts.json") as Record<string, { readonly model: string }>;
  const { times } = parse("porcupine-times.json") as { times: Record<string, { readonly porcupine_us: unknown }> };
  const all = Object.entries(verdicts).map(([file, { model }]) => {
    const read = file.endsWith(".log") ? readJepsenEtcd : file.endsWith(".jsonl") ? readJsonLines : readPorcupineKv;
    const porcupine = times[file]?.porcupine_us;
    const draw = () => operationsOf(read(readFileSync(new URL(file, home), "utf8")));
    return measuredBy(file, model, draw, typeof porcupine === "number" ? porcupine : null);
  });
  return figuresOf(all, wanted);
}

function drawn<S, Input, Output>(subject: Subject<S, Input, Output>, shape: Partial<Shape>): readonly Operation[] {
  const whole: Shape = { clients: 5, operations: 1000, unknown: 0, failed: 0, lies: 0, eager: 30, ...shape };
  return generate(subject, whole, new Draws(1));
}

/** Histories that are drawn here, legal by construction. */
export function generatedFigures(wanted: Wanted = {}): LinearizabilityFigure[] {
  const all: Measured[] = [];
  for (const clients of [5, 10, 25]) {
    all.push(
      measured(`register, ${clients} clients`, casRegister, () => drawn(registers(5, false), { clients })),
      measured(`cas-register, ${clients} clients`, casRegister, () => drawn(registers(5, true), { clients })),
      measured(`counter, ${clients} clients`, counter, () => drawn(counters(false, false), { clients })),
    );
  }
  for (const keys of [10, 100]) {
    for (const operations of [5000, 50_000]) {
      all.push(measured(`kv, ${keys} keys`, kv, () => drawn(texts(keys), { clients: 20, operations })));
    }
  }
  // No text twice, as recorders write them.
  for (const operations of [5000, 50_000]) {
    const draw = () => drawn(distinctTexts(10), { clients: 20, operations });
    all.push(measured("kv of distinct values, 10 keys", kv, draw));
  }
  for (const keys of [50, 10]) {
    const draw = () => drawn(distinctTexts(keys), { clients: 50, operations: 2000 });
    all.push(measured(`kv of 50 clients, ${keys} keys`, kv, draw));
  }
  // Every client asks again as soon as it is answered, as in the recorded ones.
  const busy = { clients: 50, operations: 2000, eager: 100 };
  all.push(measured("kv of 50 busy clients, 10 keys", kv, () => drawn(distinctTexts(10), busy)));
  for (const unknown of [1, 3, 6]) {
    const history = drawn(registers(5, true), { unknown });
    const open = history.filter(({ outcome }) => outcome === "unknown").length;
    all.push(measured(`cas-register, ${open} unknown`, casRegister, () => history));
  }
  all.push(
    measured("queue of distinct values", queue, () => drawn(queues(true), { clients: 16, operations: 5000 })),
    measured("register of distinct values", casRegister, () => drawn(distinctRegisters, { operations: 5000 })),
    measured("register, 1 000 000", casRegister, () => drawn(registers(5, false), { operations: 1_000_000 })),
  );
  return figuresOf(all, wanted);
}

/** The geometric mean of the ratios of our time to another one's, over the rows that have both. */
export function geometricMean(
  figures: readonly LinearizabilityFigure[],
  other: "oracle" | "porcupine",
  time: "least" | "median" = "least",
): number | null {
  const logs = figures.flatMap((one) => {
    const theirs = one[other];
    return theirs === null ? [] : [Math.log(one[time] / theirs)];
  });
  return logs.length === 0 ? null : Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
}

/** The table, for a person. */
export function linearizabilityTable(figures: readonly LinearizabilityFigure[]): string {
  const number = (value: number | null): string => (value === null ? "–" : value.toFixed(1)).padStart(11);
  const rows = figures.map(
    (one) =>
      `${one.name.padEnd(40)}${String(one.operations).padStart(9)}${number(one.least)}${number(one.median)}${number(one.oracle)}` +
      `${number(one.porcupine)}${String(one.configurations).padStart(10)}  ${one.algorithm}`,
  );
  const head = `${"history".padEnd(40)}${"ops".padStart(9)}${"µs".padStart(11)}${"median".padStart(11)}${"oracle µs".padStart(11)}${"Porcupine".padStart(11)}${"configs".padStart(10)}`;
  const means = (["oracle", "porcupine"] as const).flatMap((other) => {
    const mean = geometricMean(figures, other);
    return mean === null ? [] : [`geometric mean of our time to ${other}'s: ${mean.toFixed(3)}`];
  });
  return [head, ...rows, ...means].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = { only: new RegExp(process.argv[2] ?? ".") };
  for (const figures of [recordedFigures(wanted), generatedFigures(wanted)]) {
    process.stdout.write(`${linearizabilityTable(figures)}\n\n`);
  }
}
