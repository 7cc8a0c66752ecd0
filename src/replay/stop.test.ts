// A trace is stopped where a person says, and what the machines hold there is theirs.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { UsageError } from "../base/usage-error.js";
import { plainContestant } from "../explore/contestant.js";
import { reference } from "../fsm/reference.js";
import { readTrace, type Trace } from "../trace/file.js";
import type { EventLine } from "../trace/line.js";
import { debugAt } from "./debugging.js";
import { stateAt } from "./state.js";
import { type Stopped, stopIn } from "./stop.js";

const path = new URL("../../traces/golden/locks-across-a-restore.jsonl", import.meta.url);
const trace: Trace = readTrace(readFileSync(path, "utf8"), "golden");
const contestant = plainContestant(reference);

function stop(at: string): { line: EventLine; number: number; sights: Stopped["sights"] } {
  const { line, sights } = stopIn(trace, contestant, at);
  return { line: trace.events[line - 2]!, number: line, sights };
}

/** Lines before that one of which the same could be said. */
function before(number: number, like: (line: EventLine) => boolean): EventLine[] {
  return trace.events.slice(0, number - 2).filter(like);
}

describe("an entry that there is not", () => {
  const moved = {
    ...trace,
    events: trace.events.map((line) => ("partition" in line ? { ...line, partition: 3 } : line)),
  };
  const todo = (ask: () => unknown): string => {
    try {
      ask();
    } catch (error) {
      return (error as UsageError).todo;
    }
    return "";
  };

  test("is answered with the partitions that there are", () => {
    expect(todo(() => stateAt(moved, reference, { partition: 1, index: 17n }))).toBe(
      "The only partition is 3: write 3:17.",
    );
    expect(todo(() => stopIn(moved, contestant, "17"))).toBe("The only partition is 3: write 3:17.");
    const both = { ...trace, events: [...trace.events, ...moved.events] };
    expect(todo(() => stateAt(both, reference, { partition: 2, index: 17n }))).toBe(
      "Write 17, or 2:17 for partition 2. There are entries of the partitions 1, 3.",
    );
  });
});

describe("a trace is stopped", () => {
  test("at an entry: where it is applied first, with what that replica then holds", () => {
    const { line, number, sights } = stop("1:9");
    expect(line).toMatchObject({ e: "apply", partition: 1, index: 9n });
    expect(before(number, (each) => each.e === "apply" && each.index === 9n)).toEqual([]);
    expect(sights).toEqual([
      {
        partition: 1,
        replica: (line as { replica: number }).replica,
        index: "9",
        state: stateAt(trace, reference, { partition: 1, index: 9n }),
      },
    ]);
    expect(stop("9").number).toBe(number);
  });

  test("at a line, an instant, a kind of event, a fault, an operation, a kind of entry", () => {
    expect(stop("line:30").number).toBe(30);
    const { line, number } = stop("+3");
    expect(line.t).toBeGreaterThanOrEqual(3_000_000);
    expect(before(number, ({ t }) => t >= 3_000_000)).toEqual([]);
    expect(stop("restore").line.e).toBe("restore");
    expect(stop("crash").line).toMatchObject({ e: "replica", change: "crash" });
    expect(stop("replica-crash").line).toMatchObject({ e: "fault", fault: "replica-crash" });
    expect(stop("keep_alive").line).toMatchObject({ e: "apply" });
    const acquired = stop("Acquire").line as Extract<EventLine, { e: "apply" }>;
    const commit = trace.events.find((each) => each.e === "commit" && each.index === acquired.index);
    expect(JSON.stringify(commit, (_, held: unknown) => (typeof held === "bigint" ? "" : held))).toContain("Acquire");
  });

  test("at the end of a session: the entry after which nobody knows it", () => {
    const opened = trace.events.find((line) => line.e === "session" && line.change === "opened");
    const session = (opened as Extract<EventLine, { e: "session" }>).session!;
    const { line } = stop(`session:${session}`);
    const { index } = line as Extract<EventLine, { e: "apply" }>;
    const sessions = (at: bigint): string[] =>
      (stateAt(trace, reference, { partition: 1, index: at }) as { sessions?: { sessionId: string }[] }).sessions?.map(
        ({ sessionId }) => sessionId,
      ) ?? [];
    expect(sessions(index - 1n)).toContain(session.toString());
    expect(sessions(index)).not.toContain(session.toString());
  });

  test("where a replica is down, without a state", () => {
    const [sight] = stop("crash").sights;
    expect(sight).toMatchObject({ state: null });
  });

  test.each([
    ["1:100000", "there is no entry 1:100000"],
    ["line:1", "The events stand in lines 2 to"],
    ["line:100000", "there is no line 100000"],
    ["+100000", "nothing happens at +100000 or later"],
    ["broken", "nothing is broken in this run"],
    ["lock/fifo", "lock/fifo is not broken in this run"],
    ["lock/fifa", 'Did you mean "lock/fifo"?'],
    ["Aquire", 'Did you mean "Acquire"?'],
    ["session:100000", "session 100000 does not end in this run"],
  ])("not at %s, and says why", (at, says) => {
    let said = "";
    try {
      stop(at);
    } catch (error) {
      said = `${(error as Error).message} ${(error as { todo: string }).todo}`;
    }
    expect(said).toContain(says);
  });
});

describe("in a debugger", () => {
  test("the halt comes before the very call that the line tells of, and the play ends there", () => {
    const calls: string[] = [];
    const noting = {
      ...reference,
      create: () => {
        const machine = reference.create();
        return {
          ...machine,
          apply: (entry: Parameters<typeof machine.apply>[0]) => {
            calls.push(`apply ${entry.index}`);
            return machine.apply(entry);
          },
          query: machine.query.bind(machine),
          snapshot: machine.snapshot.bind(machine),
          restore: machine.restore.bind(machine),
        };
      },
    };
    const { line } = stopIn(trace, contestant, "1:9");
    debugAt(trace, plainContestant(noting), line);
    const applied = trace.events.slice(0, line - 1).filter((each) => each.e === "apply");
    expect(calls).toEqual(applied.map(({ index }) => `apply ${index}`));
  });
});
