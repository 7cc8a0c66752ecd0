// The network: decides each message's fate by its address and by the faults that are on, and delivers what is left of it.
// It never looks into a message's body.
import { assert } from "../base/assert.js";
import { Micros } from "../base/time.js";
import type { SendLine } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import type { Fate } from "./faults/fault.js";
import type { Endpoint, Message } from "./message.js";
import { between, bitsAt, Lane } from "./random.js";
import type { ActiveFault, Stage } from "./stage.js";

interface Copy {
  readonly message: Message;
  readonly copy: number;
}

const DELIVER = 0;

export class Network implements Actor<Copy> {
  readonly #stage: Stage;
  readonly #key: number;
  readonly #held = new Map<Endpoint, Copy[]>();
  // Reused for each message: its fate while it is being decided, and whose bits are drawn.
  readonly #fate: { lost: boolean; delay: number; copies: number[]; by: string | undefined } = {
    lost: false,
    delay: 0,
    copies: [],
    by: undefined,
  };
  #message: Message | null = null;
  #fault: ActiveFault | null = null;
  readonly #bits = (lane: number): number =>
    bitsAt(this.#key, (this.#message as Message).address, lane, (this.#fault as ActiveFault).address);

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#key = stage.plan.keys.network;
  }

  send(message: Message): void {
    const stage = this.#stage;
    const { now } = stage;
    const recorded = stage.schedule?.sends.get(message.id);
    const by = recorded === undefined ? this.#decide(message).by : this.#recall(recorded);
    const fate = this.#fate;
    const arrives: Micros[] = [];
    if (recorded !== undefined) for (const at of recorded.arrives) arrives.push(Micros(now + at - recorded.t));
    else if (!fate.lost) {
      arrives.push(Micros(this.#inOrder(message, now + fate.delay)));
      for (const delay of fate.copies) arrives.push(Micros(this.#inOrder(message, now + delay)));
    }
    stage.emit(
      by === undefined
        ? {
            e: "send",
            t: now,
            message: message.id,
            from: message.from.name,
            to: message.to.name,
            what: message.what,
            arrives,
          }
        : {
            e: "send",
            t: now,
            message: message.id,
            from: message.from.name,
            to: message.to.name,
            what: message.what,
            arrives,
            by,
          },
    );
    for (let i = 0; i < arrives.length; i++)
      stage.agenda.add(arrives[i] as number, this, DELIVER, { message, copy: i + 1 });
  }

  wake(what: number, about: Copy): void {
    assert(what === DELIVER, "the network delivers, nothing else");
    const { message } = about;
    switch (message.to.presence()) {
      case "up":
        this.#stage.emit({ e: "deliver", t: this.#stage.now, message: message.id });
        message.to.receive(message, about.copy);
        return;
      case "paused": {
        const held = this.#held.get(message.to);
        if (held === undefined) this.#held.set(message.to, [about]);
        else held.push(about);
        return;
      }
      case "down":
        this.#stage.emit({
          e: "deliver",
          t: this.#stage.now,
          message: message.id,
          dropped: `${message.to.name} is down`,
        });
    }
  }

  /** Somebody goes on after a pause: what waited at its door comes in, in the order in which it came. */
  release(endpoint: Endpoint): void {
    const held = this.#held.get(endpoint);
    if (held === undefined) return;
    this.#held.delete(endpoint);
    for (const copy of held) this.#stage.agenda.add(this.#stage.now, this, DELIVER, copy);
  }

  /** Somebody is gone for good, or starts anew: what waited at its door is lost. */
  forget(endpoint: Endpoint): void {
    this.#held.delete(endpoint);
  }

  // A trace says what became of it, and by which fault.
  #recall({ by }: SendLine): string | undefined {
    if (by !== undefined) this.#stage.count(by);
    return by;
  }

  #decide(message: Message): Fate {
    const stage = this.#stage;
    const fate = this.#fate;
    const { least, most } = stage.plan.network;
    fate.lost = false;
    fate.delay = between(bitsAt(this.#key, message.address, Lane.delay), least, most);
    fate.copies.length = 0;
    fate.by = undefined;
    this.#message = message;
    for (const fault of stage.fating) {
      this.#fault = fault;
      if (!fault.kind.fate?.(fault.plan, message, fate, this.#bits, stage)) continue;
      fate.by = fault.kind.name;
      stage.count(fault.kind.name);
      const { body } = message;
      const state = ("to" in body ? body.to.asker : message.asker)?.sessionState?.();
      if (state !== undefined) stage.struck(fault.kind.name, state);
      if (fate.lost) break;
    }
    return fate;
  }

  // Nothing overtakes on a stream.
  #inOrder(message: Message, arrival: number): number {
    const { stream } = message;
    if (stream === null) return arrival;
    if (arrival < stream.lastArrival) return stream.lastArrival;
    stream.lastArrival = arrival;
    return arrival;
  }
}
