import { describe, expect, test } from "vitest";
import { decodeInputFilter } from "../protocol/input-filter.js";
import type { CommitLine, EventLine, KeepAliveLine } from "../trace/line.js";
import { linesOf, only, planOf, shipped } from "./default-scenario.laws.js";

const PLAYS = [21, 22, 23, 24, 25, 26].map((seed) => ({ seed, ...linesOf(planOf(seed)) }));
const CONVOYS = [1, 2, 3, 4].map((seed) => ({ seed, ...linesOf(planOf(seed, shipped("lock-convoy"))) }));

const lifeOf = (line: { client: string; incarnation: number }): string => `${line.client}.${line.incarnation}`;

/** The keep-alives as committed, by the message that brought them. */
function keepAlivesIn(lines: readonly EventLine[]): Map<string, CommitLine> {
  return new Map(
    only(lines, "commit")
      .filter((line) => line.input !== "undecodable" && line.input.input?.$case === "keepAlive")
      .map((line) => [line.origin, line]),
  );
}

describe("client", () => {
  test.each(PLAYS)("a keep-alive lists what is open: its filter holds every one of them (seed $seed)", ({ lines }) => {
    const committed = keepAlivesIn(lines);
    let told = 0;
    let before: KeepAliveLine | undefined;
    for (const line of lines) {
      if (line.e === "keep-alive") before = line;
      if (line.e !== "send" || line.what !== "keep-alive" || !/^c\d/.test(line.from) || before === undefined) continue;
      const commit = committed.get(line.message);
      if (commit === undefined || commit.input === "undecodable" || commit.input.input?.$case !== "keepAlive") continue;
      const { value } = commit.input.input;
      const filter = decodeInputFilter(value.inputFilter);
      expect(filter).toBeDefined();
      for (const number of before.open) expect(filter?.has(number)).toBe(true);
      expect(value.lastInputSequenceNum).toBe(before.lastInput);
      expect([...value.lastOutputSequenceNums]).toEqual(
        before.acknowledged.map(({ command, output }) => [command, output]),
      );
      told++;
    }
    expect(told).toBeGreaterThan(20);
  });

  test.each(PLAYS)("last_input never passes a number that may still be started (seed $seed)", ({ lines }) => {
    const lastInput = new Map<string, bigint>();
    for (const line of lines) {
      if (line.e === "keep-alive") lastInput.set(`${line.partition}/${line.session}`, line.lastInput);
      if (line.e !== "invoke" || line.command === undefined) continue;
      expect(line.command).toBeGreaterThan(lastInput.get(`${line.partition}/${line.session}`) ?? 0n);
    }
  });

  test.each(PLAYS)("an open command stands in every keep-alive until it is over (seed $seed)", ({ lines }) => {
    const open = new Map<string, Set<bigint>>();
    const numbers = new Map<string, { session: string; command: bigint }>();
    for (const line of lines) {
      if (line.e === "invoke" && line.command !== undefined) {
        const session = `${line.partition}/${line.session}`;
        open.set(session, (open.get(session) ?? new Set()).add(line.command));
        numbers.set(`${lifeOf(line)}/${line.op}`, { session, command: line.command });
      } else if (line.e === "return") {
        const known = numbers.get(`${lifeOf(line)}/${line.op}`);
        if (known !== undefined) open.get(known.session)?.delete(known.command);
      } else if (line.e === "keep-alive") {
        expect(line.open).toEqual(
          [...(open.get(`${line.partition}/${line.session}`) ?? [])].sort((a, b) => (a < b ? -1 : 1)),
        );
      }
    }
  });

  test.each(PLAYS)(
    "outputs of a stream are received 1, 2, 3 …, and acknowledged when received (seed $seed)",
    ({ lines }) => {
      const received = new Map<string, bigint>();
      for (const line of lines) {
        if (line.e === "receive") {
          const name = `${line.partition}/${line.session}/${line.command}`;
          expect(line.output).toBe((received.get(name) ?? 0n) + 1n);
          received.set(name, line.output);
        } else if (line.e === "keep-alive") {
          for (const { command, output } of line.acknowledged) {
            expect(output).toBe(received.get(`${line.partition}/${line.session}/${command}`));
          }
        }
      }
    },
  );

  test.each(PLAYS)("every operation that is begun is over at the end, and only once (seed $seed)", ({ lines }) => {
    const begun = new Set<string>();
    const over = new Set<string>();
    for (const line of lines) {
      if (line.e === "invoke") {
        expect(begun.has(`${lifeOf(line)}/${line.op}`)).toBe(false);
        begun.add(`${lifeOf(line)}/${line.op}`);
      } else if (line.e === "return") {
        expect(over.has(`${lifeOf(line)}/${line.op}`)).toBe(false);
        over.add(`${lifeOf(line)}/${line.op}`);
      }
    }
    expect(over).toEqual(begun);
    expect(begun.size).toBeGreaterThan(20);
  });

  test.each(PLAYS)("on the real machine no client finds its protocol broken (seed $seed)", ({ lines }) => {
    expect(only(lines, "client-error")).toEqual([]);
  });
});

describe("a client and a lock", () => {
  test.each(CONVOYS)(
    "has at most one Acquire waiting or held, and lets go before the next (seed $seed)",
    ({ lines }) => {
      // By life, partition and session: the operation that waits or holds.
      const busy = new Map<string, { op: number; held: boolean; command: bigint }>();
      const clear = new Map<string, bigint>();
      for (const line of lines) {
        if (line.e === "session") {
          for (const key of busy.keys())
            if (key.startsWith(`${lifeOf(line)}/`)) if (line.change !== "opening") busy.delete(key);
        }
        if (line.e === "invoke" && line.spec.service === "lock" && line.command !== undefined) {
          const key = `${lifeOf(line)}/${line.session}`;
          const now = busy.get(key);
          if (line.operation === "Acquire") {
            expect(now, `${key} op ${line.op}`).toBeUndefined();
            busy.set(key, { op: line.op, held: false, command: line.command });
          } else if (now !== undefined && now.held) now.op = line.op;
        }
        if (line.e === "return") {
          for (const [key, now] of busy) {
            if (!key.startsWith(`${lifeOf(line)}/`) || now.op !== line.op) continue;
            if (now.held || (line.outcome === "ok" && line.status !== 1)) busy.delete(key);
            // Granted, or given up: now a Release must follow.
            else now.held = true;
            if (line.outcome === "given-up") clear.set(key, now.command);
          }
        }
      }
    },
  );

  test.each(CONVOYS)(
    "sends the Release of a given-up Acquire after a keep-alive that no longer lists it (seed $seed)",
    ({ lines }) => {
      const committed = keepAlivesIn(lines);
      const acquires = new Map<string, { key: string; command: bigint; release: number }>();
      const waiting = new Map<string, bigint>();
      let cleared = new Set<string>();
      for (const line of lines) {
        if (line.e === "invoke" && line.operation === "Acquire" && line.command !== undefined) {
          const key = `${lifeOf(line)}/p${line.partition}`;
          acquires.set(`${lifeOf(line)}/${line.op}`, { key, command: line.command, release: line.op + 1 });
        } else if (line.e === "return" && line.outcome === "given-up") {
          const acquire = acquires.get(`${lifeOf(line)}/${line.op}`);
          if (acquire !== undefined) waiting.set(`${lifeOf(line)}/${acquire.release}`, acquire.command);
        } else if (line.e === "deliver" && /\/ka\d+(~\d+)?\/reply$/.test(line.message)) {
          const commit = committed.get(line.message.replace("/reply", ""));
          if (commit === undefined || commit.input === "undecodable" || commit.input.input?.$case !== "keepAlive")
            continue;
          const { lastInputSequenceNum, inputFilter } = commit.input.input.value;
          const filter = decodeInputFilter(inputFilter);
          for (const [name, command] of waiting) {
            const mine = line.message.startsWith(`${name.split("/")[0]}/`);
            if (mine && lastInputSequenceNum >= command && filter?.has(command) === false) cleared = cleared.add(name);
          }
        } else if (line.e === "invoke" && line.operation === "Release") {
          const name = `${lifeOf(line)}/${line.op}`;
          if (waiting.has(name)) expect(cleared.has(name), name).toBe(true);
        }
      }
    },
  );
});
