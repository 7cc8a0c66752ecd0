// A film says of a run what the judge and its models know: tried on the smallest run of a lock that serves the last who came.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { defineProperty } from "../checker/own-property.js";
import { loadTrace } from "../trace/file.js";
import { filmOf } from "./film-of.js";

const testdata = (name: string): string => fileURLToPath(new URL(`./testdata/${name}`, import.meta.url));
const trace = loadTrace(testdata("lock-lifo.jsonl"));
const film = filmOf(trace);

describe("filmOf", () => {
  it("opens with the claim that is broken first, and its lines", () => {
    const [first] = film.verdict.broken;
    expect(first?.property).toBe("lock/fifo");
    expect(first?.lines).toEqual([272, 289, 290]);
  });

  it("puts what the models expect beside what was answered", () => {
    const entry = film.entries.find(({ line }) => line === 289);
    expect(entry?.words).toBe("Release(token 33) #2 on lock-1 by session 31 (c1.1)");
    expect(entry?.expected).toEqual({
      reply: "output 1 OK",
      emissions: ["session 34 #1 (Acquire) gets output 1 OK, token 36, complete"],
    });
    expect(entry?.given).toEqual([
      {
        reply: "output 1 OK",
        emissions: ["session 3 #1 (Acquire) gets output 1 OK, token 37, complete"],
        replicas: [0, 1],
        lines: [290, 292],
        expected: false,
      },
    ]);
  });

  it("says what an entry changes, and in what the machine's state differs", () => {
    const entry = film.entries.find(({ line }) => line === 289);
    expect(entry?.changed).toContainEqual(["lock-1\tholder", "session 34, token 36"]);
    expect(entry?.odd[0]?.rows).toContainEqual(["lock-1\tholder", "session 3, token 37"]);
    expect(entry?.odd[0]?.says).toContain("session 34 should hold the lock, and 3 does");
  });

  it("follows who holds a lock, by the models and by the machine", () => {
    const lock = film.services.find(({ name }) => name === "lock-1");
    const holders = (segments: readonly { readonly session?: string }[] = []): (string | undefined)[] =>
      segments.map(({ session }) => session).filter((session, at, all) => session !== all[at - 1]);
    expect(holders(lock?.segments)).toEqual([undefined, "31", "34", "3"].slice(1));
    expect(holders(lock?.seen)).toEqual(["31", "3", "34", undefined]);
  });

  it("says every line in words", () => {
    expect(film.words).toHaveLength(trace.events.length + 2);
    expect(film.words.every((words) => words.length > 3)).toBe(true);
    expect(film.words[271]).toBe("Entry 36 is committed: Acquire #1 on lock-1 by session 34 (c4.1).");
  });

  it("knows how long a session lives, and what fills it up", () => {
    const session = film.sessions.find(({ id }) => id === "34");
    expect(session?.client).toBe("c4.1");
    // Opened by entry 34 for 60 s; no keep-alive of it was committed before the run's end.
    const opened = film.entries.find(({ index }) => index === "34");
    expect(session?.timeout).toBe(Number(/of ([\d.]+) s/.exec(opened?.words ?? "")?.[1]) * 1e6);
    expect(session?.deadlines[0]?.[1]).toBeCloseTo((opened?.log ?? 0) + (session?.timeout ?? 0), 3);
  });

  it("marks the witness of a property of one's own beside those of the catalogue, and claims what its user claims", () => {
    const claim = "No entry has the index 34.";
    const notThere = defineProperty({
      name: "test/no-thirty-four",
      claim,
      watch: ({ judged, breaks }) => ({
        line(line) {
          if (line.e !== "commit") return;
          judged();
          if (line.index === 34n) breaks({ says: "there is an entry 34", lines: [2] });
        },
      }),
    });
    const { verdict } = filmOf(trace, { ownProperties: [notThere] });
    const at = film.entries.find(({ index }) => index === "34")?.line;
    expect(verdict.broken.find(({ property }) => property === "test/no-thirty-four")).toMatchObject({
      claim,
      says: "there is an entry 34",
      lines: [2, at],
      times: 1,
    });
    expect(verdict.properties.at(-1)).toMatchObject({ property: "test/no-thirty-four", verdict: "broken", claim });
    expect(verdict.broken.map(({ property }) => property)).toContain("lock/fifo");
  });

  it("is the same each time", () => {
    expect(JSON.stringify(filmOf(trace))).toBe(JSON.stringify(film));
  });
});
