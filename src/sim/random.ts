// Randomness by address: a draw is a hash of (root key, room, stable id, lane, attempt), never the next one of a sequence,
// so that taking one thing out of a plan moves no other's luck. Only Dice, which draws the plan itself, goes by turn. SPEC 5.
import seedrandom from "seedrandom";
import { finish, fold, hashText } from "../base/hash.js";

/** The address of something in the plan, hashed once. */
export type Address = number;

/** The address of a stable id, such as "c2.0/op7/try1". */
export function addressOf(id: string): Address {
  return hashText(id);
}

/** Which of the decisions about one thing is drawn. A number is never given to another decision. */
export const Lane = {
  on: 0,
  delay: 1,
  loss: 2,
  duplicate: 3,
  replay: 4,
  reorder: 5,
  slow: 6,
  side: 7,
  copy: 8,
  commit: 20,
  survives: 21,
  election: 22,
  winner: 23,
  stamp: 24,
  edge: 25,
  subMicros: 26,
  pace: 40,
  observe: 41,
  observeAgain: 42,
  observeQuery: 43,
  observeRestored: 44,
  save: 45,
  damage: 46,
  chunks: 47,
  confirm: 48,
  lag: 49,
  target: 60,
  reuse: 61,
  filter: 62,
  hostile: 63,
} as const;

/** 32 random bits for one decision. Keyed by a root key, the thing's address, the lane, and which attempt at it. */
export function bitsAt(key: number, address: Address, lane: number, attempt = 0): number {
  return finish(fold(fold(fold(key, address), lane), attempt));
}

/** An integer from 0 to below `count` made of 32 random bits. `count` is at most 2^21; beyond, the grain shows. */
export function below(bits: number, count: number): number {
  return Math.floor((bits * count) / 0x1_0000_0000);
}

/** An integer from `least` to `most`, both included. */
export function between(bits: number, least: number, most: number): number {
  return least + below(bits, most - least + 1);
}

/** Whether an event that happens `perMille` times in a thousand happens. */
export function happens(bits: number, perMille: number): boolean {
  return below(bits, 1000) < perMille;
}

/** A sequence of draws for a plan that is being made, one for each room, so that rooms don't move one another's luck. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: string) {
    this.#next = seedrandom.alea(seed).double;
  }

  /** 32 random bits: a root key. */
  key(): number {
    return this.between(0, 0xffff_ffff);
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  happens(perMille: number): boolean {
    return this.between(0, 999) < perMille;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.between(0, items.length - 1)] as Item;
  }

  /** One of the items, as often as its weight says. */
  weighted<Item>(weights: readonly (readonly [Item, number])[]): Item {
    let total = 0;
    for (const [, weight] of weights) total += weight;
    let rest = this.between(1, total);
    for (const [item, weight] of weights) {
      rest -= weight;
      if (rest <= 0) return item;
    }
    return (weights[0] as readonly [Item, number])[0];
  }
}
