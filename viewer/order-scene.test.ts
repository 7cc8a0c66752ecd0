// Where an order is drawn: a point in every interval, from left to right; and no two intervals of a lane over one another.
import { describe, expect, it } from "vitest";
import type { OperationFacts, OrderFacts } from "../src/view/film.js";
import { orderScene, pointsOf } from "./order-scene.js";

const operation = (process: string, call: number, to: number | null): OperationFacts => ({
  process,
  call,
  return: to,
  outcome: to === null ? "unknown" : "ok",
  what: "write",
});
const facts: OrderFacts = {
  title: "",
  verdict: "linearizable",
  says: "",
  unit: "event",
  operations: [operation("10", 0, 6), operation("2", 1, 4), operation("2", 5, null), operation("2", 6, 9)],
  longest: [1, 0, 3, 2],
  blocked: null,
  minimal: [],
  nearMisses: [],
  reached: [],
};

describe("the order of a history", () => {
  it("gives every operation of the order a point within its interval, and none before the one before", () => {
    // Earliest: 1, 1, 6, 6. Latest, from the end: 10, 9, 6, 4. The point is in the middle.
    expect(pointsOf(facts, facts.longest, 10)).toEqual([2.5, 3.5, 7.5, 8]);
  });

  it("orders lanes as a person counts, and gives what overlaps in one lane rows of its own", () => {
    const scene = orderScene(facts);
    expect(scene.lanes.map(({ name, rows }) => [name, rows])).toEqual([
      ["2", 2],
      ["10", 1],
    ]);
    expect(scene.intervals.map(({ place, row }) => [place, row])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
    ]);
  });

  it("draws an operation without an end to the end", () => {
    const open = orderScene(facts).intervals.find(({ place }) => place === 2);
    expect([open?.from, open?.to]).toEqual([5, 10]);
  });
});
