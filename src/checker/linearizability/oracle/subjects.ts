// The objects that histories are drawn of, each a few lines of its own: an error that a model shares with its subject would
// go unseen, so these are written the other way round, as somebody who implements the object would.
import type { CounterInput } from "../models/counter.js";
import type { KvInput } from "../models/kv.js";
import type { QueueInput } from "../models/queue.js";
import type { RegisterInput } from "../models/register.js";
import type { StackInput } from "../models/stack.js";
import type { Draws, Subject } from "./generate.js";

/** Reads, writes and cas over `values` values; none of the latter where `cas` is false. */
export function registers(values: number, cas: boolean): Subject<number | null, RegisterInput, unknown> {
  return {
    init: () => null,
    ask(draws) {
      const kind = draws.below(cas ? 3 : 2);
      if (kind === 0) return { f: "read" };
      if (kind === 1) return { f: "write", value: draws.below(values) };
      return { f: "cas", value: [draws.below(values), draws.below(values)] };
    },
    answer(state, input) {
      if (input.f === "read") return { state, output: state };
      if (input.f === "write") return { state: input.value as number, output: undefined };
      const [from, to] = input.value as readonly [number, number];
      return state === from ? { state: to, output: true } : { state, output: false };
    },
    lie: (draws, input, output) =>
      input.f === "read"
        ? draws.chance(10)
          ? null
          : draws.below(values)
        : input.f === "cas"
          ? output !== true
          : output,
  };
}

/** A register into which no value is written twice. */
export const distinctRegisters: Subject<number | null, RegisterInput, unknown> = {
  ...registers(1, false),
  ask: (draws, serial) => (draws.chance(50) ? { f: "read" } : { f: "write", value: serial }),
  lie: (draws, input, output, serial) =>
    input.f === "read" ? (draws.chance(10) ? null : draws.below(serial + 3)) : output,
};

/** Texts under `keys` keys. */
export function texts(keys: number): Subject<ReadonlyMap<string, string>, KvInput, unknown> {
  return {
    init: () => new Map(),
    ask(draws) {
      const key = `k${draws.below(keys)}`;
      const kind = draws.below(10);
      if (kind < 4) return { f: "get", key };
      return { f: kind < 8 ? "append" : "put", key, value: draws.pick(["a", "b", "ab", "ba", "aa", ""]) };
    },
    answer(state, input) {
      const before = state.get(input.key) ?? "";
      if (input.f === "get") return { state, output: before };
      return {
        state: new Map([...state, [input.key, input.f === "put" ? input.value : before + input.value]]),
        output: undefined,
      };
    },
    lie(draws, input, output) {
      if (input.f !== "get") return output;
      const text = output as string;
      return draws.pick([
        text.slice(0, -1),
        `${text}a`,
        `${text}b`,
        text.slice(1),
        `b${text}`,
        text.split("").toReversed().join(""),
      ]);
    },
  };
}

/** Texts under `keys` keys, no text put or appended twice: what recorders of stores write, so that a read says who wrote. */
export function distinctTexts(keys: number): Subject<ReadonlyMap<string, string>, KvInput, unknown> {
  return {
    ...texts(keys),
    ask(draws, serial) {
      const key = `k${draws.below(keys)}`;
      const kind = draws.below(20);
      if (kind < 11) return { f: "get", key };
      return kind < 17 ? { f: "append", key, value: `x${serial}y` } : { f: "put", key, value: `p${serial}q` };
    },
  };
}

/** Adds of 0 to 3 (with `falls`: of -2 to 3; with `sets`: sets, too) and reads. Some adds are answered. */
export function counters(falls: boolean, sets: boolean): Subject<number, CounterInput, unknown> {
  return {
    init: () => 0,
    ask(draws) {
      if (sets && draws.chance(15)) return { f: "set", value: draws.below(5) };
      if (draws.chance(40)) return { f: "read" };
      const value = falls ? draws.below(6) - 2 : draws.below(4);
      return draws.chance(25) ? { f: "add", value, answers: true } : { f: "add", value };
    },
    answer(state, input) {
      if (input.f === "read") return { state, output: state };
      const after = input.f === "set" ? input.value : state + input.value;
      return { state: after, output: after };
    },
    lie: (draws, _input, output) => (output as number) + draws.below(5) - 2,
  };
}

/** Enqueues and dequeues; with `distinct`, no value twice. */
export function queues(distinct: boolean): Subject<readonly number[], QueueInput, unknown> {
  return {
    init: () => [],
    ask: (draws, serial) =>
      draws.chance(50) ? { f: "dequeue" } : { f: "enqueue", value: distinct ? serial : draws.below(3) },
    answer(state, input) {
      if (input.f === "enqueue") return { state: [...state, input.value as number], output: undefined };
      const [front, ...rest] = state;
      return { state: rest, output: front ?? null };
    },
    lie: (draws, input, output, serial) =>
      input.f === "dequeue" ? lieOfValue(draws, distinct ? serial + 2 : 3) : output,
  };
}

/** Pushes and pops of three values. */
export const stacks: Subject<readonly number[], StackInput, unknown> = {
  init: () => [],
  ask: (draws) => (draws.chance(50) ? { f: "pop" } : { f: "push", value: draws.below(3) }),
  answer(state, input) {
    if (input.f === "push") return { state: [...state, input.value as number], output: undefined };
    return { state: state.slice(0, -1), output: state.at(-1) ?? null };
  },
  lie: (draws, input, output) => (input.f === "pop" ? lieOfValue(draws, 3) : output),
};

function lieOfValue(draws: Draws, values: number): number | null {
  return draws.chance(30) ? null : draws.below(values);
}
