// What the judge knows of a semaphore: the naive truth, as a list with one session id for each permit that is out. It shares
// nothing with semaphore.ts, and must not: what both got wrong in the same way, nobody would notice.
import { answered, defineModel, refused, Status } from "multiraft-sim";

const text = (of: string): Uint8Array => new TextEncoder().encode(of);

/** One session id for each permit that is out, ascending. */
type Out = readonly bigint[];

const without = (out: Out, session: bigint): Out => {
  const at = out.indexOf(session);
  return out.filter((_, i) => i !== at);
};
const ascending = (out: Out): Out => [...out].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
const free = (out: Out): Uint8Array => text(String(3 - out.length));

export const semaphoreModel = defineModel<Out>({
  empty: [],
  commands: {
    Take(out, payload, { session }) {
      if (payload.length > 0) return refused(Status.INVALID);
      if (out.length === 3) return refused(Status.CONFLICT);
      const next = ascending([...out, session]);
      return [next, answered(free(next))];
    },
    GiveBack(out, payload, { session }) {
      if (payload.length > 0) return refused(Status.INVALID);
      if (!out.includes(session)) return refused(Status.NOT_FOUND);
      const next = without(out, session);
      return [next, answered(free(next))];
    },
  },
  queries: {
    Free: (out, payload) => (payload.length > 0 ? refused(Status.INVALID) : answered(free(out))),
  },
  left: (out, session) => out.filter((one) => one !== session),
  holders: (out) => out,

  save(out) {
    const sessions = [...new Set(out)];
    return text(JSON.stringify(sessions.map((id) => [String(id), out.filter((one) => one === id).length])));
  },
  load(data) {
    const entries = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)) as [string, number][];
    return entries.flatMap(([id, many]) => Array.from({ length: many }, () => BigInt(id)));
  },
  show: (out) => (out.length === 0 ? "no permit out" : `permits of the sessions ${out.join(", ")}`),
});
