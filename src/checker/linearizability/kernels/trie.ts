// Tries of the texts that were read, compressed, node by node; several of them, each under a root of its own. A node stands
// for its edge, the characters FROM to TO of some text that goes through it; every one of these is a state: BASE and following,
// from the moment that it is there. A root's edge is the empty text. It never looks up what is below a text by more than one
// character; a whole text is compared at the end. A node is the place of its fields in one flat array.
import { doubled } from "./pair-classes.js";

export const LOST = 0;
const FIRST_STATE = 1;
const NOBODY = -1;
// Comparing so many characters one by one is faster than asking the string to.
const SHORT = 8;

const FROM = 0;
const TO = 1;
// The first character of its edge.
const HEAD = 2;
const PARENT = 3;
const CHILD = 4;
const SIBLING = 5;
const BASE = 6;
// When a walk from the root comes to it, and when it has been to all below it.
const ENTERED = 7;
const LEFT = 8;
// A power of two: a node is a cache line, and its number a shift away.
const SIZE = 16;
const SHIFT = 4;

/** See the top. */
export class Trie {
  private nodes = new Int32Array(64 * SIZE);
  // By node, its place over SIZE.
  private readonly texts: string[] = [];
  private end = 0;
  // By state.
  private nodeOf = new Int32Array(64);
  private states = FIRST_STATE;

  clear(): void {
    this.end = 0;
    this.states = FIRST_STATE;
  }

  /** One more trie: its root. */
  root(): number {
    return this.grow("", -1, 0, NOBODY, NOBODY);
  }

  // A node whose states are new.
  private grow(text: string, from: number, to: number, head: number, parent: number): number {
    const added = this.add(text, from, to, head, parent);
    const end = this.states + to - from;
    while (end > this.nodeOf.length) this.nodeOf = doubled(this.nodeOf);
    this.nodes[added + BASE] = this.states;
    const { nodeOf } = this;
    for (let state = this.states; state < end; state++) nodeOf[state] = added;
    this.states = end;
    return added;
  }

  private add(text: string, from: number, to: number, head: number, parent: number): number {
    const added = this.end;
    this.end = added + SIZE;
    if (this.end > this.nodes.length) this.nodes = doubled(this.nodes);
    const { nodes } = this;
    this.texts[added >> SHIFT] = text;
    nodes[added + FROM] = from;
    nodes[added + TO] = to;
    nodes[added + HEAD] = head;
    nodes[added + PARENT] = parent;
    nodes[added + CHILD] = NOBODY;
    nodes[added + SIBLING] = NOBODY;
    if (parent === NOBODY) return added;
    nodes[added + SIBLING] = nodes[parent + CHILD] as number;
    nodes[parent + CHILD] = added;
    return added;
  }

  /** Puts a text in. The node whose edge ends with it. `near`: a node of the same trie; reads mostly go on where one ended. */
  insert(root: number, near: number, text: string): number {
    const nearText = this.texts[near >> SHIFT] as string;
    const nearLength = this.nodes[near + TO] as number;
    const { length } = text;
    if (nearLength === length && nearText === text) return near;
    const beginning = nearText.length === nearLength ? nearText : nearText.slice(0, nearLength);
    let node = nearLength < length && text.startsWith(beginning) ? near : root;
    for (;;) {
      const at = this.nodes[node + TO] as number;
      if (at === length) return node;
      const head = text.charCodeAt(at);
      const next = this.below(node, head);
      if (next === NOBODY) return this.grow(text, at, length, head, node);
      const common = this.common(next, text);
      node = common === this.nodes[next + TO] ? next : this.split(next, common);
    }
  }

  private below(node: number, head: number): number {
    const { nodes } = this;
    let next = nodes[node + CHILD] as number;
    while (next !== NOBODY && nodes[next + HEAD] !== head) next = nodes[next + SIBLING] as number;
    return next;
  }

  // How far a text goes along with a node's edge whose first character it shares.
  private common(node: number, text: string): number {
    const mine = this.texts[node >> SHIFT] as string;
    const end = Math.min(this.nodes[node + TO] as number, text.length);
    let at = (this.nodes[node + FROM] as number) + 1;
    while (at < end && mine.charCodeAt(at) === text.charCodeAt(at)) at++;
    return at;
  }

  // Makes a node for the first part of another's edge, and hangs that one below it.
  private split(node: number, at: number): number {
    const text = this.texts[node >> SHIFT] as string;
    const from = this.nodes[node + FROM] as number;
    const parent = this.nodes[node + PARENT] as number;
    const upper = this.add(text, from, at, this.nodes[node + HEAD] as number, parent);
    const { nodes, nodeOf } = this;
    let link = upper;
    while (nodes[link + SIBLING] !== node) link = nodes[link + SIBLING] as number;
    nodes[link + SIBLING] = nodes[node + SIBLING] as number;
    nodes[upper + CHILD] = node;
    nodes[node + SIBLING] = NOBODY;
    nodes[node + PARENT] = upper;
    nodes[node + HEAD] = text.charCodeAt(at);
    nodes[node + FROM] = at;
    const base = nodes[node + BASE] as number;
    const shared = base + at - from;
    nodes[upper + BASE] = base;
    nodes[node + BASE] = shared;
    for (let state = base; state < shared; state++) nodeOf[state] = upper;
    return upper;
  }

  /** Everything has been put in: `isBelow` may be asked. */
  finish(): void {
    let time = 0;
    for (let node = 0; node < this.end; node += SIZE) {
      if (this.nodes[node + PARENT] === NOBODY) time = this.walk(node, time);
    }
  }

  private walk(root: number, from: number): number {
    const { nodes } = this;
    let time = from;
    let node = root;
    for (;;) {
      nodes[node + ENTERED] = time++;
      const child = nodes[node + CHILD] as number;
      if (child !== NOBODY) {
        node = child;
        continue;
      }
      nodes[node + LEFT] = time;
      while (nodes[node + SIBLING] === NOBODY) {
        node = nodes[node + PARENT] as number;
        if (node === NOBODY) return time;
        nodes[node + LEFT] = time;
      }
      node = nodes[node + SIBLING] as number;
    }
  }

  /** The state of the text that ends a node's edge. */
  stateAtEnd(node: number): number {
    const { nodes } = this;
    return (nodes[node + BASE] as number) + (nodes[node + TO] as number) - (nodes[node + FROM] as number) - 1;
  }

  /** The state of the text of `state` with another one appended; LOST where nobody read on like that. */
  append(state: number, text: string): number {
    if (state === LOST) return LOST;
    const { nodes } = this;
    let node = this.nodeOf[state] as number;
    const at = state - (nodes[node + BASE] as number) + (nodes[node + FROM] as number) + 1;
    const { length } = text;
    const end = at + length;
    while ((nodes[node + TO] as number) < end) {
      node = this.below(node, text.charCodeAt((nodes[node + TO] as number) - at));
      if (node === NOBODY) return LOST;
    }
    const mine = this.texts[node >> SHIFT] as string;
    if (length > SHORT) {
      if (!mine.startsWith(text, at)) return LOST;
    } else {
      for (let i = 0; i < length; i++) if (mine.charCodeAt(at + i) !== text.charCodeAt(i)) return LOST;
    }
    return (nodes[node + BASE] as number) + end - (nodes[node + FROM] as number) - 1;
  }

  /** Whether the text that ends `node` begins with the text of `state`. */
  isBelow(node: number, state: number): boolean {
    if (state === LOST) return false;
    const { nodes } = this;
    const upper = this.nodeOf[state] as number;
    const entered = nodes[node + ENTERED] as number;
    return (nodes[upper + ENTERED] as number) <= entered && entered < (nodes[upper + LEFT] as number);
  }
}
