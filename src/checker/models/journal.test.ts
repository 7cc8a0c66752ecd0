// The journal's claims.
import { expect, test } from "vitest";
import { Journal } from "./journal.js";

test("journal: an earlier state can be looked at, and the latest one stands afterwards", () => {
  const journal = new Journal();
  const map = new Map<string, number>();
  const cell = { value: 0 };
  journal.begin();
  journal.put(map, "a", 1);
  journal.set(cell, "value", 1);
  journal.begin();
  journal.remove(map, "a");
  journal.put(map, "b", 2);
  journal.put(map, "b", 3);
  journal.set(cell, "value", 2);

  const look = (): unknown => [[...map], cell.value];
  expect(journal.before(0, look)).toEqual([[["b", 3]], 2]);
  expect(journal.before(1, look)).toEqual([[["a", 1]], 1]);
  expect(journal.before(2, look)).toEqual([[], 0]);
  expect(look()).toEqual([[["b", 3]], 2]);
});

test("journal: what was forgotten cannot be undone, the rest can", () => {
  const journal = new Journal();
  const cell = { value: 0 };
  for (let i = 1; i <= 3000; i++) {
    journal.begin();
    journal.set(cell, "value", i);
  }
  journal.forget(10);
  expect(journal.forgotten).toBe(2990);
  expect(journal.before(10, () => cell.value)).toBe(2990);
  expect(() => journal.before(11, () => cell.value)).toThrow(RangeError);
  expect(cell.value).toBe(3000);
});

test("journal: an entry that is undone was never begun", () => {
  const journal = new Journal();
  const map = new Map<string, number>();
  journal.begin();
  journal.put(map, "a", 1);
  journal.begin();
  journal.remove(map, "a");
  journal.put(map, "b", 2);
  journal.undo();
  expect([...map]).toEqual([["a", 1]]);
  expect(journal.entries).toBe(1);
  journal.begin();
  journal.put(map, "a", 3);
  expect(journal.before(1, () => [...map])).toEqual([["a", 1]]);
  journal.undo();
  journal.undo();
  expect([...map]).toEqual([]);
  expect(() => journal.undo()).toThrow(RangeError);
});
