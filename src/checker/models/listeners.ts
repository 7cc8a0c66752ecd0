// Open Events streams, in the naive way: a list by (session, number); a change goes to each that wants it. SPEC 2.4.
import { compareUints } from "../../base/key-order.js";
import type { Listener as SavedListener } from "../../proto/multiraft_sim/service/v1/service.js";
import { Status } from "../../protocol/failure.js";
import type { Caller, DataDifference, Surroundings } from "./service.js";

interface Listener {
  readonly session: bigint;
  readonly num: bigint;
  /** The one key that it wants; undefined: all. */
  readonly key: string | undefined;
  readonly since: bigint;
}

/** The streams that are told of one service's changes. */
export class Listeners {
  list: readonly Listener[] = [];
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  add(by: Caller, key?: string): void {
    this.#become([...this.list, { session: by.session, num: by.num, key, since: by.index }].sort(byCommand));
  }

  ended(session: bigint, num: bigint): void {
    if (this.list.some((each) => each.session === session && each.num === num)) {
      this.#become(this.list.filter((each) => each.session !== session || each.num !== num));
    }
  }

  left(session: bigint): void {
    if (this.list.some((each) => each.session === session)) {
      this.#become(this.list.filter((each) => each.session !== session));
    }
  }

  /** Whether anyone wants to hear of `key`. */
  want(key?: string): boolean {
    return this.list.some((each) => each.key === undefined || each.key === key);
  }

  publish(event: Uint8Array, expired: boolean, key?: string): void {
    let told = 0;
    for (const each of this.list) {
      if (each.key !== undefined && each.key !== key) continue;
      this.#around.emit(each.session, each.num, expired ? "expired-event" : "event", Status.OK, event, false);
      told++;
    }
    if (told > 1) this.#around.note("events-to-several");
    if (told > 0 && expired) this.#around.note("ttl-for-a-stream");
  }

  saved(): SavedListener[] {
    return this.list.map(({ session, num, key }) => ({ sessionId: session, sequenceNum: num, key }));
  }

  differences(saved: readonly SavedListener[]): DataDifference[] {
    const name = (session: bigint, num: bigint, key: string | undefined): string => `${session}/${num} ${key ?? "*"}`;
    const mine = new Set(this.list.map((each) => name(each.session, each.num, each.key)));
    const theirs = new Set(saved.map((each) => name(each.sessionId, each.sequenceNum, each.key)));
    const found: DataDifference[] = [];
    for (const { session, num, key, since } of this.list) {
      if (theirs.has(name(session, num, key))) continue;
      found.push({
        what: "listener-missing",
        session,
        num,
        since,
        says: `stream ${num} of session ${session} is not told`,
      });
    }
    for (const { sessionId: session, sequenceNum: num, key } of saved) {
      if (mine.has(name(session, num, key))) continue;
      found.push({ what: "listener-extra", session, num, says: `stream ${num} of session ${session} is still told` });
    }
    return found;
  }

  #become(list: readonly Listener[]): void {
    this.#around.journal.set<Listeners, "list">(this, "list", list);
  }
}

function byCommand(a: Listener, b: Listener): number {
  return compareUints(a.session, b.session) || compareUints(a.num, b.num);
}

/** Why saved listeners are not in canonical order; null where they are. */
export function listenersDisorder(saved: readonly SavedListener[]): string | null {
  for (let i = 1; i < saved.length; i++) {
    const a = saved[i - 1] as SavedListener;
    const b = saved[i] as SavedListener;
    if ((compareUints(a.sessionId, b.sessionId) || compareUints(a.sequenceNum, b.sequenceNum)) >= 0) {
      return "listeners are not by (session, number)";
    }
  }
  return null;
}

export const waitingOf = (saved: readonly SavedListener[]): { session: bigint; num: bigint }[] =>
  saved.map(({ sessionId, sequenceNum }) => ({ session: sessionId, num: sequenceNum }));
