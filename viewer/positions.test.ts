// Both ways along the picture rise with time, and lead back to where they came from.
import { describe, expect, it } from "vitest";
import { byOrder, byTime, firstFrom } from "./positions.js";

describe("event by event", () => {
  const way = byOrder([0, 10, 1000, 1010]);

  it("gives each instant with an event the place after the one before", () => {
    expect([0, 10, 1000, 1010].map((t) => way.of(t))).toEqual([0, 1, 2, 3]);
  });

  it("puts an instant between two events between their places", () => {
    expect(way.of(505)).toBe(1.5);
    expect(way.at(1.5)).toBe(505);
  });

  it("keeps what lies beyond the last event at the end, and what lies before the first at the beginning", () => {
    expect(way.of(5000)).toBe(4);
    expect(way.of(-1)).toBe(-1);
  });

  it("never goes back", () => {
    const places = Array.from({ length: 120 }, (_, at) => way.of(at * 10));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

it("by time, a place is an instant", () => {
  const way = byTime(70);
  expect([way.of(30), way.at(30), way.end]).toEqual([30, 30, 70]);
});

it("finds the first of ordered things that is not before a value", () => {
  const items = [1, 3, 3, 7];
  expect([0, 3, 4, 8].map((value) => firstFrom(items, value, (item) => item))).toEqual([0, 1, 3, 4]);
});
