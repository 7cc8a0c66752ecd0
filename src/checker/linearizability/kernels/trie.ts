// Tries of the texts that were read, compressed, node by node; several of them, each under a root of its own. A node stands
// for its edge, the characters `from` to `to` of some text that goes through it; every one of these is a state: `base` and
// following. A root's edge is the empty text. It never looks up what is below a text by more than one character; a whole text
// is compared at the end.
import { doubled } from "./pair-classes.js";

export const LOST = 0;
const FIRST_STATE = 1;
const NOBODY = -1;
const SHORT = 32;

/** See the top. */
export class Trie {
  private readonly text: string[] = [];
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly parent: number[] = [];
  private readonly child: number[] = [];
  private readonly sibling: number[] = [];
  private readonly base: number[] = [];
  private readonly entered: number[] = [];
  private readonly left: number[] = [];
  private nodeOf = new Int32Array(64);
  // How many nodes there are: the arrays stay as long as they were.
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  /** One more trie: its root. */
  root(): number {
    return this.add("", -1, 0, NOBODY);
  }

  private add(text: string, from: number, to: number, parent: number): number {
    const added = this.count++;
    this.text[added] = text;
    this.from[added] = from;
    this.to[added] = to;
    this.parent[added] = parent;
    this.child[added] = NOBODY;
    this.sibling[added] = parent === NOBODY ? NOBODY : (this.child[parent] as number);
    if (parent !== NOBODY) this.child[parent] = added;
    return added;
  }

  /** Puts a text in. The node whose edge ends with it. `near`: a node of the same trie; reads mostly go on where one ended. */
  insert(root: number, near: number, text: string): number {
    const nearText = this.text[near] as string;
    const nearLength = this.to[near] as number;
    if (nearLength === text.length && nearText === text) return near;
    const beginning = nearText.length === nearLength ? nearText : nearText.slice(0, nearLength);
    let node = nearLength < text.length && text.startsWith(beginning) ? near : root;
    for (;;) {
      const at = this.to[node] as number;
      if (at === text.length) return node;
      const next = this.below(node, text.charCodeAt(at));
      if (next === NOBODY) return this.add(text, at, text.length, node);
      const common = this.common(next, text);
      node = common === this.to[next] ? next : this.split(next, common);
    }
  }

  private below(node: number, character: number): number {
    const at = this.to[node] as number;
    let next = this.child[node] as number;
    while (next !== NOBODY && (this.text[next] as string).charCodeAt(at) !== character) {
      next = this.sibling[next] as number;
    }
    return next;
  }

  // How far a text goes along with a node's edge whose first character it shares.
  private common(node: number, text: string): number {
    const mine = this.text[node] as string;
    const end = Math.min(this.to[node] as number, text.length);
    let at = (this.from[node] as number) + 1;
    while (at < end && mine.charCodeAt(at) === text.charCodeAt(at)) at++;
    return at;
  }

  // Makes a node for the first part of another's edge, and hangs that one below it.
  private split(node: number, at: number): number {
    const parent = this.parent[node] as number;
    const upper = this.add(this.text[node] as string, this.from[node] as number, at, parent);
    let link = upper;
    while (this.sibling[link] !== node) link = this.sibling[link] as number;
    this.sibling[link] = this.sibling[node] as number;
    this.child[upper] = node;
    this.sibling[node] = NOBODY;
    this.parent[node] = upper;
    this.from[node] = at;
    return upper;
  }

  /** Everything has been put in: numbers the states. */
  finish(): void {
    const { from, to, base, parent } = this;
    let states = FIRST_STATE;
    let time = 0;
    for (let node = 0; node < this.count; node++) {
      base[node] = states;
      const end = states + (to[node] as number) - (from[node] as number);
      while (end > this.nodeOf.length) this.nodeOf = doubled(this.nodeOf);
      const { nodeOf } = this;
      while (states < end) nodeOf[states++] = node;
      if (parent[node] === NOBODY) time = this.walk(node, time);
    }
  }

  private walk(root: number, from: number): number {
    const { child, sibling, parent, entered, left } = this;
    let time = from;
    let node = root;
    for (;;) {
      entered[node] = time++;
      if (child[node] !== NOBODY) {
        node = child[node] as number;
        continue;
      }
      left[node] = time;
      while (sibling[node] === NOBODY) {
        node = parent[node] as number;
        if (node === NOBODY) return time;
        left[node] = time;
      }
      node = sibling[node] as number;
    }
  }

  /** The state of the text that ends a node's edge. */
  stateAtEnd(node: number): number {
    return (this.base[node] as number) + (this.to[node] as number) - (this.from[node] as number) - 1;
  }

  /** The state of the text of `state` with another one appended; LOST where nobody read on like that. */
  append(state: number, text: string): number {
    const { to } = this;
    if (state === LOST) return LOST;
    let node = this.nodeOf[state] as number;
    const at = state - (this.base[node] as number) + (this.from[node] as number) + 1;
    const { length } = text;
    const end = at + length;
    while ((to[node] as number) < end) {
      node = this.below(node, text.charCodeAt((to[node] as number) - at));
      if (node === NOBODY) return LOST;
    }
    const mine = this.text[node] as string;
    if (length > SHORT) {
      if (!mine.startsWith(text, at)) return LOST;
    } else {
      for (let i = 0; i < length; i++) if (mine.charCodeAt(at + i) !== text.charCodeAt(i)) return LOST;
    }
    return (this.base[node] as number) + end - (this.from[node] as number) - 1;
  }

  /** Whether the text that ends `node` begins with the text of `state`. */
  isBelow(node: number, state: number): boolean {
    if (state === LOST) return false;
    const upper = this.nodeOf[state] as number;
    const entered = this.entered[node] as number;
    return (this.entered[upper] as number) <= entered && entered < (this.left[upper] as number);
  }
}
