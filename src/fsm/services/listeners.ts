// The open `Events` commands of a service, by (session, number): the order in which one change is told to them.
import type { OperationOutput } from "../../proto/atomix/multiraft/v1/fsm.js";
import type { Listener as SavedListener } from "../../proto/multiraft_sim/service/v1/service.js";
import { CommandNum, SessionId } from "../../protocol/words.js";
import type { At, Call, Loading } from "./service.js";

/** One open stream; `key` where it wants the changes of one key only. */
export interface Listener extends Call {
  readonly key: string | undefined;
}

/** In the order of (session, number). */
export type ListenerList = Listener[];

export interface Listening {
  add(listeners: ListenerList, listener: Listener): void;
  remove(listeners: ListenerList, open: Call): void;
  /** Tells every listener that wants the key; no listener with a key wants `undefined`. */
  tell(at: At, listeners: ListenerList, key: string | undefined, output: () => OperationOutput): void;
}

function compare(a: Call, b: Call): number {
  if (a.session !== b.session) return a.session < b.session ? -1 : 1;
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

// The place of the first listener that is not before `call`.
function placeOf(listeners: ListenerList, call: Call): number {
  let low = 0;
  let high = listeners.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(listeners[middle] as Listener, call) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const listening: Listening = {
  add(listeners, listener) {
    listeners.splice(placeOf(listeners, listener), 0, listener);
  },

  remove(listeners, open) {
    const place = placeOf(listeners, open);
    const found = listeners[place];
    if (found !== undefined && compare(found, open) === 0) listeners.splice(place, 1);
  },

  tell(at, listeners, key, output) {
    let made: OperationOutput | undefined;
    for (const listener of listeners) {
      if (listener.key !== undefined && listener.key !== key) continue;
      made ??= output();
      at.tell(listener, made, false);
    }
  },
};

export function saveListeners(listeners: ListenerList): SavedListener[] {
  return listeners.map(({ session, number, key }) => ({ sessionId: session, sequenceNum: number, key }));
}

export function loadListeners(saved: readonly SavedListener[], loading: Loading): ListenerList {
  const listeners = saved.map(({ sessionId, sequenceNum, key }) => ({
    session: SessionId(sessionId),
    number: CommandNum(sequenceNum),
    key,
  }));
  for (const [at, listener] of listeners.entries()) {
    const before = listeners[at - 1];
    loading.check(before === undefined || compare(before, listener) < 0, "listeners are out of order");
    loading.hold(listener, "Events");
  }
  return listeners;
}
