// That what an expander writes of its place is what a watcher reads, and that its beat tells one history from the next.
import { expect, it } from "vitest";
import { Place } from "./place.js";

it("reads, through the shared buffer, what was written last", () => {
  const place = new Place();
  const watcher = new Place(place.buffer);
  expect(watcher.beat).toBe(0);
  place.here([3, 0, 17], 2, 7);
  expect(watcher.suspect).toEqual({ letters: [3, 0, 17], restoredAt: 2, chunks: 7, atLast: null });
  place.here([], null, null, "damage");
  expect(watcher.suspect).toEqual({ letters: [], restoredAt: null, chunks: null, atLast: "damage" });
  place.here([5], 0, null, 0);
  expect(watcher.suspect).toEqual({ letters: [5], restoredAt: 0, chunks: null, atLast: 0 });
  expect(watcher.beat).toBe(3);
});
