import { describe, expect, test } from "vitest";
import type { EventLine } from "../trace/line.js";
import { linesOf, only, planOf } from "./default-scenario.laws.js";
import { messageOf, newStream, type Endpoint, type Message } from "./message.js";
import { Network } from "./network.js";
import { Stage } from "./stage.js";
import { worldParts } from "./world.js";

class Place implements Endpoint {
  state: "up" | "paused" | "down" = "up";
  readonly got: string[] = [];
  constructor(
    readonly name: string,
    private readonly now: () => number,
  ) {}
  presence(): "up" | "paused" | "down" {
    return this.state;
  }
  receive(message: Message): void {
    this.got.push(`${message.id}@${this.now()}`);
  }
}

function stageOf(
  least: number,
  most: number,
): { stage: Stage; network: Network; lines: EventLine[]; to: Place; from: Place } {
  const lines: EventLine[] = [];
  const plan = { ...planOf(1), network: { least, most } };
  const stage = new Stage(plan, worldParts, undefined, (line) => lines.push(line), []);
  const network = new Network(stage);
  const now = (): number => stage.now;
  return { stage, network, lines, to: new Place("p1.r1", now), from: new Place("c1.0", now) };
}

const redirect = (
  id: string,
  from: Endpoint,
  to: Endpoint,
  stream = null as ReturnType<typeof newStream> | null,
): Message => messageOf(id, "reply", from, to, 1, "a word", { type: "redirect", to: null as never, leader: 0 }, stream);

describe("network", () => {
  test("a message takes from `least` to `most`, by its id, whatever is sent beside it", () => {
    const delays = (others: number): Map<string, number> => {
      const { network, lines, from, to } = stageOf(100, 900);
      for (let i = 0; i < 50; i++) network.send(redirect(`m${i}`, from, to));
      for (let i = 0; i < others; i++) network.send(redirect(`other${i}`, from, to));
      return new Map(only(lines, "send").map((line) => [line.message, line.arrives[0] ?? -1]));
    };
    const few = delays(0);
    const many = delays(50);
    for (const [id, delay] of few) {
      expect(delay).toBeGreaterThanOrEqual(100);
      expect(delay).toBeLessThanOrEqual(900);
      expect(many.get(id)).toBe(delay);
    }
    expect(new Set(few.values()).size).toBeGreaterThan(30);
  });

  test("on a stream nothing overtakes, and positions count up", () => {
    const { stage, network, from, to } = stageOf(100, 90_000);
    const stream = newStream();
    const sent = Array.from({ length: 30 }, (_, i) => redirect(`s${i}`, from, to, stream));
    expect(sent.map((message) => message.position)).toEqual(sent.map((_, i) => i));
    for (const message of sent) network.send(message);
    while (stage.agenda.step(1_000_000));
    expect(to.got.map((each) => each.split("@")[0])).toEqual(sent.map((message) => message.id));
  });

  test("who is paused gets its messages when it goes on; who is down gets none", () => {
    const { stage, network, lines, from, to } = stageOf(10, 10);
    to.state = "paused";
    network.send(redirect("waits", from, to));
    while (stage.agenda.step(1000));
    expect(to.got).toEqual([]);
    to.state = "up";
    network.release(to);
    while (stage.agenda.step(1000));
    expect(to.got).toEqual(["waits@10"]);
    to.state = "down";
    network.send(redirect("lost", from, to));
    while (stage.agenda.step(1000));
    expect(to.got).toHaveLength(1);
    expect(only(lines, "deliver").at(-1)).toMatchObject({ message: "lost", dropped: "p1.r1 is down" });
  });

  test("what arrives was sent to arrive then, as often as its line says", () => {
    const { lines } = linesOf(planOf(4));
    const due = new Map(only(lines, "send").map((line) => [line.message, [...line.arrives]]));
    for (const line of only(lines, "deliver")) {
      const left = due.get(line.message) ?? [];
      const at = left.findIndex((t) => t <= line.t);
      expect(at, line.message).toBeGreaterThanOrEqual(0);
      left.splice(at, 1);
    }
  });
});
