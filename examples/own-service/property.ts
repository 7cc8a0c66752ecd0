// Properties of one's own: what a saved semaphore must never show, and that a client is told no more permits than there are.
import { defineProperty, Status } from "multiraft-sim";
import { PERMITS } from "./semaphore.js";

const entriesOf = (data: Uint8Array): [string, number][] =>
  JSON.parse(new TextDecoder().decode(data)) as [string, number][];

/** By the state that replicas show. */
export const holdersAlive = defineProperty({
  name: "semaphore/holders-alive",
  mode: "never",
  claim: "No permit is out for a session that has ended.",
  judgement: "one semaphore in a state that a replica showed",
  witness: "the line that shows the state",
  needs: ["semaphore"],
  watch: ({ judged, breaks }) => ({
    state({ services, sessions }) {
      for (const { name, data } of services("semaphore")) {
        judged();
        const ghost = entriesOf(data).find(([session]) => !sessions.has(BigInt(session)));
        if (ghost === undefined) continue;
        breaks({
          says: `session ${ghost[0]} has ended, and ${ghost[1]} permits of ${name} are still out for it`,
          expected: "permits of living sessions",
          got: "a permit of a dead one",
        });
      }
    },
  }),
});

/** By what clients are told. */
export const enoughFree = defineProperty({
  name: "semaphore/free-in-range",
  claim: "Nobody is told of fewer permits than none, or of more than there are.",
  judgement: "one answer that tells how many are free",
  needs: ["semaphore"],
  watch({ judged, breaks }) {
    // Which operations of whom are about a semaphore: a return does not say.
    const asked = new Map<string, number>();
    return {
      line(line, at) {
        if (line.e === "invoke" && line.spec.service === "semaphore") {
          asked.set(`${line.client}.${line.incarnation}/${line.op}`, at);
        }
        if (line.e !== "return") return;
        const name = `${line.client}.${line.incarnation}/${line.op}`;
        const begun = asked.get(name);
        asked.delete(name);
        if (begun === undefined || line.outcome !== "ok" || line.status !== Status.OK || line.payload === undefined)
          return;
        judged();
        const free = Number(new TextDecoder().decode(line.payload));
        if (free >= 0 && free <= PERMITS) return;
        breaks({ says: `${free} permits of ${PERMITS} are said to be free`, got: "another number", lines: [begun] });
      },
    };
  },
});
