// The trie of the texts that were read, compressed, node by node. A node stands for its edge, the characters `from` to `to` of
// some text that goes through it; every one of these is a state: `base` and following. The root's edge is the empty text.
// It never looks up what is below a text by more than one character; a whole text is compared at the end.
import { doubled } from "./pair-classes.js";

export const LOST = 0;
const ROOT = 0;
const ROOT_STATE = 1;
const NOBODY = -1;

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
  private last = ROOT;
  // How many nodes there are: the arrays stay as long as they were.
  private count = 0;

  clear(): void {
    this.count = 0;
    this.add("", -1, 0, NOBODY);
    this.last = ROOT;
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

  /** Puts a text in. The node whose edge ends with it. */
  insert(text: string): number {
    const { last } = this;
    const lastText = this.text[last] as string;
    const lastLength = this.to[last] as number;
    if (lastLength === text.length && lastText === text) return last;
    // Reads mostly go on where the one before ended.
    let node = lastLength <= text.length && text.startsWith(lastText.slice(0, lastLength)) ? last : ROOT;
    for (;;) {
      const at = this.to[node] as number;
      if (at === text.length) break;
      const next = this.below(node, text.charCodeAt(at));
      if (next === NOBODY) {
        node = this.add(text, at, text.length, node);
        break;
      }
      const common = this.common(next, text);
      node = common === this.to[next] ? next : this.split(next, common);
    }
    this.last = node;
    return node;
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

  /** Numbers the states. The initial one, of the empty text. */
  finish(): number {
    const { from, to, base } = this;
    let states = ROOT_STATE;
    for (let node = 0; node < this.count; node++) {
      base[node] = states;
      const end = states + (to[node] as number) - (from[node] as number);
      while (end > this.nodeOf.length) this.nodeOf = doubled(this.nodeOf);
      this.nodeOf.fill(node, states, end);
      states = end;
    }
    this.walk();
    return ROOT_STATE;
  }

  private walk(): void {
    const { child, sibling, parent, entered, left } = this;
    let time = 0;
    let node = ROOT;
    for (;;) {
      entered[node] = time++;
      if (child[node] !== NOBODY) {
        node = child[node] as number;
        continue;
      }
      left[node] = time;
      while (sibling[node] === NOBODY) {
        node = parent[node] as number;
        if (node === NOBODY) return;
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
    const end = at + text.length;
    while ((to[node] as number) < end) {
      node = this.below(node, text.charCodeAt((to[node] as number) - at));
      if (node === NOBODY) return LOST;
    }
    if (!(this.text[node] as string).startsWith(text, at)) return LOST;
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
