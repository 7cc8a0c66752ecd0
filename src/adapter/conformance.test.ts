// The interview tells a machine that is right from one that is not, and names the section that the mistake is against.
import { describe, expect, it } from "vitest";
import { reference } from "../fsm/reference.js";
import type { MachineKind, StateMachine } from "../protocol/machine.js";
import { interview } from "./conformance.js";

/** The reference machine, with calls of its replicas replaced. */
function faulty(replace: (honest: StateMachine) => Partial<StateMachine>): MachineKind {
  const create = (): StateMachine => {
    const honest = reference.create();
    return {
      apply: (entry) => honest.apply(entry),
      query: (input) => honest.query(input),
      snapshot: () => honest.snapshot(),
      restore: (chunks) => honest.restore(chunks),
      ...replace(honest),
    };
  };
  return { ...reference, name: "faulty", create };
}

function sectionsFailed(kind: MachineKind): string[] {
  return [...new Set(interview(kind).questions.flatMap(({ passed, section }) => (passed ? [] : [section])))].sort();
}

describe("conformance", () => {
  it("the reference machine passes every question, and every question is asked", () => {
    const { questions, notAsked } = interview(reference);
    expect(questions.filter(({ passed }) => !passed)).toEqual([]);
    expect(notAsked).toEqual([]);
    expect(questions.length).toBeGreaterThan(80);
  });

  it("a machine that throws at bytes that are no CommandInput fails section 2, and is asked everything else", () => {
    const poisoned = faulty((honest) => ({
      apply: (entry) => {
        if (entry.input === "undecodable") throw new Error("unexpected end of input");
        return honest.apply(entry);
      },
    }));
    expect(sectionsFailed(poisoned)).toEqual(["2"]);
    const [first] = interview(poisoned).questions;
    expect(first).toMatchObject({
      passed: false,
      expected: "failure INVALID",
      got: "it threw: unexpected end of input",
    });
    expect(first?.hint).not.toBe("");
  });

  it("a machine that forgets the emissions fails where services hand on", () => {
    const mute = faulty((honest) => ({ apply: (entry) => ({ ...honest.apply(entry), emissions: [] }) }));
    expect(sectionsFailed(mute)).toEqual(["2.4", "2.5"]);
  });

  it("a machine whose entries have no timestamp that it looks at fails section 2.1 and what hangs on it", () => {
    const timeless = faulty((honest) => ({
      apply: (entry) => {
        const { input } = entry;
        return honest.apply(input === "undecodable" ? entry : { ...entry, input: { ...input, timestamp: undefined } });
      },
    }));
    expect(sectionsFailed(timeless)).toContain("2.1");
  });

  it("a machine that takes the part of a saved state that it got fails section 2.5", () => {
    const shortReader = faulty((honest) => ({
      restore: (chunks) => {
        const [first = new Uint8Array(0)] = chunks;
        return honest.restore([first]);
      },
    }));
    expect(sectionsFailed(shortReader)).toEqual(["2.5"]);
  });

  it("a machine whose queries change its state is found out by its snapshot", () => {
    const curious = faulty((honest) => {
      let asked = 0;
      return {
        query: (input) => {
          asked += 1;
          return honest.query(input);
        },
        snapshot: () => Uint8Array.of(...honest.snapshot(), asked),
        restore: (chunks) => {
          const bytes = [...chunks].flatMap((chunk) => [...chunk]);
          return honest.restore([Uint8Array.from(bytes.slice(0, -1))]);
        },
      };
    });
    expect(sectionsFailed(curious)).toEqual(["2.5"]);
  });

  it("what a machine says that it lacks is not asked of it, and said", () => {
    const modest: MachineKind = {
      ...reference,
      capabilities: { ...reference.capabilities, services: ["counter"], snapshots: "opaque" },
    };
    const { questions, notAsked } = interview(modest);
    expect(questions.every(({ passed }) => passed)).toBe(true);
    expect([...new Set(notAsked.map(({ lacks }) => lacks))].sort()).toEqual([
      "canonical snapshots",
      "readable snapshots",
      "the service election",
      "the service lock",
      "the service map",
      "the service set",
      "the service value",
    ]);
  });
});
