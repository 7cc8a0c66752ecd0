// Stops what does not come to an end by itself, in this thread: a machine that loops for ever. Whoever was stopped is in no
// state to go on, and its `finally`s are passed by.
import { Script } from "node:vm";

// What a script of its own may be interrupted in can only reach it by a global name.
const BODY = Symbol.for("multiraft-sim/body");
const run = new Script(`globalThis[Symbol.for("multiraft-sim/body")]()`);

/** Whether it ended within so many milliseconds (Infinity: nothing is stopped); what it throws is thrown here. */
export function endsWithin(millis: number, body: () => void): boolean {
  if (millis === Number.POSITIVE_INFINITY) {
    body();
    return true;
  }
  const world = globalThis as { [BODY]?: () => void };
  const outer = world[BODY];
  world[BODY] = body;
  try {
    run.runInThisContext({ timeout: millis });
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  } finally {
    if (outer === undefined) delete world[BODY];
    else world[BODY] = outer;
  }
}
