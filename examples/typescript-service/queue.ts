// A service of one's own: a queue of texts. Push and Pop are commands, Size is a query. Payloads are plain UTF-8, so that this
// example needs no protos; a real service would have its messages.
import { done, type Loading, operation, type Outcome, plain, refuse, type Service, Status } from "multiraft-sim";

/** The first one leaves first. */
export interface QueueState {
  readonly items: string[];
}

export interface Queue extends Service<QueueState> {
  push(state: QueueState, item: string): Outcome;
  pop(state: QueueState): Outcome;
  size(state: QueueState): Outcome;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const text = (of: string): Uint8Array => new TextEncoder().encode(of);

/** A payload that is a text. Throws where it is none: the machine answers INVALID then. */
const anyText = plain((payload) => utf8.decode(payload));

/** A payload that says nothing. */
const nothing = plain((payload) => {
  if (payload.length > 0) throw new Error("no payload is wanted");
  return true;
});

export const queue: Queue = {
  kind: "queue",
  commands: new Map([
    ["Push", operation(anyText, (self: Queue, _at, state: QueueState, _call, item) => self.push(state, item))],
    ["Pop", operation(nothing, (self: Queue, _at, state: QueueState) => self.pop(state))],
  ]),
  queries: new Map([["Size", operation(nothing, (self: Queue, _at, state: QueueState) => self.size(state))]]),

  push(state, item) {
    state.items.push(item);
    return done(text(String(state.items.length)));
  },
  pop(state) {
    const item = state.items.shift();
    return item === undefined ? refuse(Status.NOT_FOUND, "the queue is empty") : done(text(item));
  },
  size: (state) => done(text(String(state.items.length))),

  empty: () => ({ items: [] }),
  // Nobody waits for a queue or holds it, and nothing in it is a matter of time.
  cancel: () => undefined,
  leave: () => undefined,
  due: () => undefined,

  save: (state) => text(JSON.stringify(state.items)),
  load(data, loading: Loading) {
    const items: unknown = JSON.parse(utf8.decode(data));
    loading.check(isTexts(items), "a queue holds texts");
    return { items: items as string[] };
  },
};

function isTexts(items: unknown): items is string[] {
  return Array.isArray(items) && items.every((item) => typeof item === "string");
}
