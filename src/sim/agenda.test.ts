import fc from "fast-check";
import { expect, test } from "vitest";
import { Agenda, type Actor } from "./agenda.js";

class Witness implements Actor<string> {
  readonly seen: string[] = [];
  constructor(readonly agenda: Agenda) {}
  wake(what: number, about: string): void {
    this.seen.push(`${this.agenda.now}:${what}:${about}`);
  }
}

test("agenda: events happen by time, and in the order of their asking at one time", () => {
  const agenda = new Agenda();
  const witness = new Witness(agenda);
  agenda.add(20, witness, 1, "late");
  agenda.add(10, witness, 1, "first");
  agenda.add(10, witness, 2, "second");
  agenda.add(0, witness, 3, "now");
  while (agenda.step(100));
  expect(witness.seen).toEqual(["0:3:now", "10:1:first", "10:2:second", "20:1:late"]);
});

test("agenda: an instant that is past is now, behind what was asked for now before", () => {
  const agenda = new Agenda();
  const seen: string[] = [];
  const actor: Actor<string> = {
    wake(_what, about) {
      seen.push(`${agenda.now}:${about}`);
      if (about === "a") agenda.add(3, actor, 0, "past");
    },
  };
  agenda.add(5, actor, 0, "a");
  agenda.add(5, actor, 0, "b");
  while (agenda.step(100));
  expect(seen).toEqual(["5:a", "5:b", "5:past"]);
});

test("agenda: nothing happens at the end or after it", () => {
  const agenda = new Agenda();
  const witness = new Witness(agenda);
  agenda.add(10, witness, 0, "in time");
  agenda.add(11, witness, 0, "too late");
  while (agenda.step(11));
  expect(witness.seen).toEqual(["10:0:in time"]);
  expect(agenda.size).toBe(1);
});

test("agenda: whatever is added leaves sorted by (time, sequence)", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 200 }), (times) => {
      const agenda = new Agenda();
      const seen: { at: number; i: number }[] = [];
      const actor: Actor<number> = { wake: (_what, i) => void seen.push({ at: agenda.now, i }) };
      times.forEach((at, i) => agenda.add(at, actor, 0, i));
      while (agenda.step(1000));
      const sorted = times.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i);
      expect(seen).toEqual(sorted);
    }),
  );
});
