// What a check costs: warm medians over the recorded histories beside Porcupine's times and the oracle's, and over generated
// classes. The search alone, one thread: reading files is not counted, partitioning is.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readJepsenEtcd } from "../src/checker/history-formats/jepsen-etcd.js";
import { readJsonLines } from "../src/checker/history-formats/json-lines.js";
import { readPorcupineKv } from "../src/checker/history-formats/porcupine-kv.js";
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
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Null: more configurations than it is given. */
  readonly oracle: number | null;
  /** Null: not measured, or more than ten seconds. */
  readonly porcupine: number | null;
}

/** Milliseconds after which the compiler has seen enough. */
const WARM_UP = 300;
const ORACLE_LIMIT = 20_000;
const ORACLE_OPERATIONS = 20_000;
// Beside the sources, whether this runs from there or compiled, from dist.
const home = [
  new URL("../testdata/histories/", import.meta.url),
  new URL("../../testdata/histories/", import.meta.url),
].find((one) => existsSync(one)) as URL;

// The oracle comes last: what it leaves for the garbage collector would be in everybody else's times.
let oracles: (() => number | null)[] = [];

function withOracles(figures: readonly LinearizabilityFigure[], ask: boolean): LinearizabilityFigure[] {
  const asked = ask ? oracles : [];
  oracles = [];
  return figures.map((figure, i) => ({ ...figure, oracle: asked[i]?.() ?? null }));
}

function measure<State, Input, Output>(
  name: string,
  model: Model<State, Input, Output>,
  untyped: readonly Operation[],
  porcupine: number | null,
): LinearizabilityFigure {
  const operations = untyped as readonly Operation<Input, Output>[];
  let answer = check(model, operations);
  const warm = performance.now() + WARM_UP;
  for (let run = 0; run < 5 || (run < 500 && performance.now() < warm); run++) answer = check(model, operations);
  const times: number[] = [];
  const end = performance.now() + 150;
  do {
    const start = performance.now();
    answer = check(model, operations);
    times.push((performance.now() - start) * 1000);
  } while (times.length < 5 || (performance.now() < end && times.length < 2000));
  times.sort((a, b) => a - b);
  oracles.push(() => {
    if (operations.length > ORACLE_OPERATIONS) return null;
    const start = performance.now();
    const { linearizable } = wingGong(model, operations, ORACLE_LIMIT);
    return linearizable === null ? null : (performance.now() - start) * 1000;
  });
  return {
    name,
    operations: operations.length,
    verdict: answer.verdict,
    algorithm: answer.algorithms.join("+"),
    configurations: answer.configurations,
    median: times[times.length >> 1] as number,
    min: times[0] as number,
    max: times.at(-1) as number,
    oracle: null,
    porcupine,
  };
}

function measureBy(name: string, model: string, operations: readonly Operation[], porcupine: number | null) {
  switch (model) {
    case "kv":
      return measure(name, kv, operations, porcupine);
    case "counter":
      return measure(name, counter, operations, porcupine);
    case "queue":
      return measure(name, queue, operations, porcupine);
    default:
      return measure(name, casRegister, operations, porcupine);
  }
}

/** The 82 recorded histories. `oracle`: ask it, too, which takes long. */
export function recordedFigures(oracle = true): LinearizabilityFigure[] {
  const parse = (file: string): unknown => JSON.parse(readFileSync(new URL(file, home), "utf8"));
  const verdicts = parse("verdicts.json") as Record<string, { readonly model: string }>;
  const { times } = parse("porcupine-times.json") as { times: Record<string, { readonly porcupine_us: unknown }> };
  const figures = Object.entries(verdicts).map(([file, { model }]) => {
    const text = readFileSync(new URL(file, home), "utf8");
    const read = file.endsWith(".log") ? readJepsenEtcd : file.endsWith(".jsonl") ? readJsonLines : readPorcupineKv;
    const porcupine = times[file]?.porcupine_us;
    return measureBy(file, model, operationsOf(read(text)), typeof porcupine === "number" ? porcupine : null);
  });
  return withOracles(figures, oracle);
}

function drawn<S, Input, Output>(subject: Subject<S, Input, Output>, shape: Partial<Shape>): readonly Operation[] {
  const whole: Shape = { clients: 5, operations: 1000, unknown: 0, failed: 0, lies: 0, eager: 30, ...shape };
  return generate(subject, whole, new Draws(1));
}

/** Histories that are drawn here, legal by construction. `oracle` as above. */
export function generatedFigures(oracle = true): LinearizabilityFigure[] {
  const figures: LinearizabilityFigure[] = [];
  for (const clients of [5, 10, 25]) {
    figures.push(measure(`register, ${clients} clients`, casRegister, drawn(registers(5, false), { clients }), null));
    figures.push(
      measure(`cas-register, ${clients} clients`, casRegister, drawn(registers(5, true), { clients }), null),
    );
    figures.push(measure(`counter, ${clients} clients`, counter, drawn(counters(false, false), { clients }), null));
  }
  for (const keys of [10, 100]) {
    for (const operations of [5000, 50_000]) {
      figures.push(measure(`kv, ${keys} keys`, kv, drawn(texts(keys), { clients: 20, operations }), null));
    }
  }
  for (const unknown of [1, 3, 6]) {
    const history = drawn(registers(5, true), { unknown });
    const open = history.filter(({ outcome }) => outcome === "unknown").length;
    figures.push(measure(`cas-register, ${open} unknown`, casRegister, history, null));
  }
  figures.push(
    measure("queue of distinct values", queue, drawn(queues(true), { clients: 16, operations: 5000 }), null),
  );
  figures.push(
    measure("register of distinct values", casRegister, drawn(distinctRegisters, { operations: 5000 }), null),
  );
  figures.push(
    measure("register, 1 000 000", casRegister, drawn(registers(5, false), { operations: 1_000_000 }), null),
  );
  return withOracles(figures, oracle);
}

/** The geometric mean of the ratios of our time to another one's, over the rows that have both. */
export function geometricMean(figures: readonly LinearizabilityFigure[], other: "oracle" | "porcupine"): number | null {
  const logs = figures.flatMap((one) => {
    const theirs = one[other];
    return theirs === null ? [] : [Math.log(one.median / theirs)];
  });
  return logs.length === 0 ? null : Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
}

/** The table, for a person. */
export function linearizabilityTable(figures: readonly LinearizabilityFigure[]): string {
  const number = (value: number | null): string => (value === null ? "–" : value.toFixed(1)).padStart(11);
  const rows = figures.map(
    (one) =>
      `${one.name.padEnd(40)}${String(one.operations).padStart(9)}${number(one.median)}${number(one.oracle)}` +
      `${number(one.porcupine)}${String(one.configurations).padStart(10)}  ${one.algorithm}`,
  );
  const head = `${"history".padEnd(40)}${"ops".padStart(9)}${"µs".padStart(11)}${"oracle µs".padStart(11)}${"Porcupine".padStart(11)}${"configs".padStart(10)}`;
  const means = (["oracle", "porcupine"] as const).flatMap((other) => {
    const mean = geometricMean(figures, other);
    return mean === null ? [] : [`geometric mean of our time to ${other}'s: ${mean.toFixed(3)}`];
  });
  return [head, ...rows, ...means].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${linearizabilityTable(recordedFigures())}\n\n${linearizabilityTable(generatedFigures())}\n`);
}
