// That every history is covered: what is merged, mirrored and counted, against plays that merge nothing.
import { describe, expect, it } from "vitest";
import { readSavedState } from "../checker/saved-state.js";
import { plainContestant } from "../explore/contestant.js";
import { reference } from "../fsm/reference.js";
import { decodeEntry, makeEntry } from "../protocol/entry.js";
import type { MachineKind } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import { inputOf, isEntry } from "../shrink/log-steps.js";
import { Expander } from "./expander.js";
import { History, type Suspect } from "./history.js";
import { goThrough, type Histories, inThisThread, subjectsFor } from "./histories.js";
import { search, sequencesOf } from "./search.js";
import { FIRST, prefixOf, type Subject } from "./subject.js";
import { subjects } from "./subjects/registry.js";

const contestant = plainContestant(reference);
const named = (name: string): Subject => subjects.find((each) => each.name === name) as Subject;

/** The state after a history, played by itself. */
function stateAfter(subject: Subject, letters: readonly number[]): string {
  const steps = new History(subject, reference.capabilities).logOf({
    letters,
    restoredAt: null,
    chunks: null,
    atLast: null,
  });
  const machine = reference.create();
  for (const [at, step] of steps.filter(isEntry).entries()) {
    const index = LogIndex(BigInt(at + 1));
    const input = inputOf(step, () => subject.service);
    machine.apply(input instanceof Uint8Array ? decodeEntry(index, input) : makeEntry(index, input));
  }
  return Buffer.from(machine.snapshot()).toString("hex");
}

describe("exhaustive", () => {
  it("the real machine holds in every history of two entries of each subject", async () => {
    const { searched, findings, unexplained } = await goThrough({
      contestant,
      subjects: subjectsFor(contestant),
      bound: 2,
      expanders: inThisThread(contestant),
      stop: () => false,
    });
    expect(findings).toEqual([]);
    expect(unexplained).toEqual([]);
    expect(searched.every((each) => each.whole && each.bound === 2)).toBe(true);
    // 20 letters of "session", alone and in pairs.
    expect(searched[0]).toMatchObject({ subject: "session", letters: 20, sequences: 20 + 20 * 20 });
  });

  it("states that are merged are those that are equal, and no state is lost", async () => {
    // One letter is the other session's: of each role one, and a tick.
    const whole = named("exactly-once");
    const letters = whole.letters.filter(({ says }) => /^[AB] #1 Add|^A keeps alive to #1|pass$/.test(says));
    expect(letters.map(({ role }) => role)).toEqual(["A", "A", "B", null]);
    const subject = { ...whole, letters };
    const expander = new Expander(reference, subject);
    const first = expander.expand({ at: 0, depth: 0, paths: new Uint8Array(0), last: false });
    // B's letter is left to A's.
    expect([...first.paths]).toEqual([0, 1, 3]);
    const second = expander.expand({ at: 0, depth: 1, paths: first.paths, last: false });
    const reached = [0, 1, 2, 3].flatMap((last) => [0, 1, 3].map((before) => [before, last]));
    const alone = reached
      .filter(([before, last]) => !(before === 3 && last === 2))
      .map((path) => stateAfter(subject, path));
    expect(second.hashes.length / 2).toBe(new Set(alone).size);
    expect(second.played).toBe(alone.length);
    expect(second.mirrored).toBe(1);
  });

  it("each letter that is played is played again after a restore at every point before it", async () => {
    const lock = named("lock");
    const ticks: Subject = { ...lock, letters: lock.letters.filter(({ role }) => role === null) };
    const expander = new Expander(reference, ticks);
    const found: Suspect[] = [];
    const searched = await search(ticks, {
      bound: 3,
      expanders: { size: 1, expand: (_name, batch) => Promise.resolve(expander.expand(batch)) },
      stop: () => false,
      found: (suspect) => found.push(suspect) > 0,
    });
    expect(found).toEqual([]);
    // Ticks of 1 s and 2.5 s: only their number counts, not their order. So 1, 2, 3, 4 states after 0, 1, 2, 3 of them.
    expect(searched).toMatchObject({ letters: 2, played: 2 + 4 + 6, states: 1 + 2 + 3 + 4 });
    expect(searched.restores).toBe(2 * 1 + 4 * 2 + 6 * 3);
  });

  it("what goes wrong three entries after a restore is found where the restore stands before the first of three", async () => {
    const findings = await soonest(wrongAfterRestore(3), "lock", 3);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.finding.steps.findIndex((step) => "restart" in step)).toBe(FIRST - 1);
    expect(findings[0]?.finding.broken).toContain("snapshot/invisible");
  });

  it("what does not come back from the state after the last entry is found, too", async () => {
    const findings = await soonest(neverBackFrom(FIRST), "lock", 1);
    expect(findings[0]?.finding.steps.at(-1)).toEqual({ restart: true });
    expect(findings[0]?.finding.broken).toContain("snapshot/refuses-damage");
  });

  it("the first letter has the index that letters know it by", () => {
    for (const subject of subjects) expect(prefixOf(subject)).toHaveLength(FIRST - 1);
  });

  it("each state is asked something, so that what a look at it changes shows", () => {
    for (const { queries } of subjects) expect(queries.length).toBeGreaterThan(0);
  });

  it("both sessions have the same letters, and the same number of them", () => {
    for (const { letters } of subjects) {
      const of = (role: string): string[] =>
        letters.filter((each) => each.role === role).map(({ says }) => says.replaceAll(/\b[AB]\b/g, "X"));
      expect(of("A")).toEqual(of("B"));
      expect(of("A").length).toBeGreaterThan(5);
    }
  });

  it("a history is written as the log that it is", () => {
    const lock = named("lock");
    const history = new History(lock, reference.capabilities);
    const second = lock.letters.findIndex(({ says }) => says === "1 s pass");
    const log = history.logOf({ letters: [0, second], restoredAt: 1, chunks: 7, atLast: "damage" });
    expect(log.slice(prefixOf(lock).length)).toEqual([
      { at: "10s", session: 1, service: 3, number: 1, operation: "Acquire" },
      { restart: true, chunks: 7 },
      { at: "11s", tick: true },
      { damage: true },
    ]);
  });

  it("a machine that answers a third retry otherwise is found in the shortest history that shows it, and recorded", async () => {
    const findings = await soonest(thirdTimeUnlucky(), "exactly-once", 3);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.finding.entries).toBe(3);
    expect(findings[0]?.finding.trace.header.terms.played).toBe("log");
    expect(findings[0]?.finding.broken).toContain("command/same-answer");
  });

  it("counts histories: of 2 letters up to 3 entries there are 2 + 4 + 8", () => {
    expect(sequencesOf(2, 3)).toBe(14);
  });
});

/** What is found first of a machine, over histories of one subject. */
async function soonest(machine: MachineKind, subject: string, bound: number): Promise<Histories["findings"]> {
  const accused = plainContestant(machine);
  const { findings } = await goThrough({
    contestant: accused,
    subjects: [named(subject)],
    bound,
    expanders: inThisThread(accused),
    stop: () => false,
    found: () => true,
  });
  return findings;
}

/** Answers the entry that is applied so many entries after a restore as if nobody were to hear of it. */
function wrongAfterRestore(entries: number): MachineKind {
  return {
    ...reference,
    name: "wrong after a restore",
    create: () => {
      const machine = reference.create();
      let left = Number.POSITIVE_INFINITY;
      return {
        ...machine,
        restore: (chunks) => {
          left = entries;
          return machine.restore(chunks);
        },
        apply: (entry) => {
          const applied = machine.apply(entry);
          left -= 1;
          const { reply } = applied;
          return left !== 0 || reply.kind === "failure" ? applied : { ...applied, reply: { ...reply, outputs: [] } };
        },
      };
    },
  };
}

/** Refuses the states that were saved at that index or later. */
function neverBackFrom(index: number): MachineKind {
  return {
    ...reference,
    name: "never back",
    create: () => {
      const machine = reference.create();
      return {
        ...machine,
        restore: (chunks) => {
          const saved = readSavedState(Buffer.concat([...chunks]));
          const late = saved.kind === "state" && saved.state.index >= BigInt(index);
          return late ? { kind: "refused", message: "there is no way back" } : machine.restore(chunks);
        },
      };
    },
  };
}

/** Keeps count of how often it was sent the number 1 of session 1 since it was made, and forgets the answer the third time. */
function thirdTimeUnlucky(): MachineKind {
  return {
    ...reference,
    name: "third time unlucky",
    create: () => {
      const machine = reference.create();
      let times = 0;
      return {
        ...machine,
        apply: (entry) => {
          const applied = machine.apply(entry);
          const input = entry.input === "undecodable" ? undefined : entry.input.input;
          if (input?.$case !== "sessionCommand" || input.value.sessionId !== 1n) return applied;
          const command = input.value.input;
          if (command?.$case !== "serviceCommand" || command.value.sequenceNum !== 1n) return applied;
          times += 1;
          const { reply } = applied;
          return times < 3 || reply.kind === "failure" ? applied : { ...applied, reply: { ...reply, outputs: [] } };
        },
      };
    },
  };
}
