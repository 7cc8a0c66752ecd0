// An old keep-alive lists numbers below the mark again: what was open when it was sent has run and been forgotten since. The
// kind of slip that session machines have. Brought out by keep-alives out of order and a late duplicate of a command.
import { compareUints } from "../src/base/key-order.js";
import { keepAlive } from "../src/fsm/keep-alive.js";
import { CommandNum } from "../src/protocol/words.js";
import { machineBug } from "./bug.js";
import { log } from "./log.js";

export const staleKeepaliveLists = machineBug(
  {
    name: "stale-keepalive-lists",
    what: "an old keep-alive lists numbers below the mark again",
    caughtBy: ["command/at-most-once"],
    shows: log()
      .open(10)
      .create(1, "counter")
      .run(1, 2, 1, "Increment")
      .keepAlive(1, 1, [])
      .keepAlive(1, 1, [1])
      .run(1, 2, 1, "Increment").steps,
  },
  {
    keepAlive: {
      ...keepAlive,
      uncovered(session, lastInput, remembered) {
        const above = keepAlive.uncovered(session, lastInput, remembered);
        if (above === undefined) return undefined;
        const below: CommandNum[] = [];
        for (let next = 1n; next <= session.mark && next <= lastInput; next++) {
          const number = CommandNum(next);
          if (!session.commands.has(number) && !session.listed.has(number)) below.push(number);
        }
        return [...below, ...above];
      },
      list(session, plan) {
        keepAlive.list(session, plan);
        const numbers = [...session.listed].sort(compareUints);
        session.listed.clear();
        for (const number of numbers) session.listed.add(number);
      },
    },
  },
);
