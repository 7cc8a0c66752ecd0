// A semaphore, as it stands trial: three permits, which sessions take and give back. What a session held when it ended is
// free again. Take and GiveBack are commands, Free is a query; none of them takes a payload, and answers are texts.
import { type At, done, noPayload, operation, type PartDefinition, refuse, Status } from "multiraft-sim";

/** How many permits there are. */
export const PERMITS = 3;

/** Permits out, by session. */
export interface SemaphoreState {
  readonly out: Map<bigint, number>;
}

const text = (of: string): Uint8Array => new TextEncoder().encode(of);

const free = ({ out }: SemaphoreState): number => PERMITS - [...out.values()].reduce((sum, many) => sum + many, 0);

export const semaphore: PartDefinition<SemaphoreState> = {
  commands: {
    Take: operation(noPayload, (_self, _at: At, state: SemaphoreState, { session }) => {
      if (free(state) === 0) return refuse(Status.CONFLICT, "no permit is free");
      state.out.set(session, (state.out.get(session) ?? 0) + 1);
      return done(text(`${free(state)}`));
    }),
    GiveBack: operation(noPayload, (_self, _at: At, state: SemaphoreState, { session }) => {
      const many = state.out.get(session) ?? 0;
      if (many === 0) return refuse(Status.NOT_FOUND, "this session has no permit");
      if (many === 1) state.out.delete(session);
      else state.out.set(session, many - 1);
      return done(text(`${free(state)}`));
    }),
  },
  queries: {
    Free: operation(noPayload, (_self, _at: At, state: SemaphoreState) => done(text(`${free(state)}`))),
  },

  empty: () => ({ out: new Map() }),

  /** A session closed the semaphore, or ended. */
  leave(_at, state, session) {
    state.out.delete(session);
  },

  // Equal states have equal bytes: by session, whatever order they came in.
  save: ({ out }) => text(JSON.stringify([...out].map(([id, many]) => [String(id), many]).sort(bySession))),

  load(data, loading) {
    const entries = JSON.parse(new TextDecoder().decode(data)) as [string, number][];
    const out = new Map(entries.map(([id, many]) => [BigInt(id), many] as const));
    const sum = [...out.values()].reduce((all, many) => all + many, 0);
    loading.check(sum <= PERMITS, "more permits are out than there are");
    return { out };
  },
};

function bySession([a = ""]: readonly (string | number)[], [b = ""]: readonly (string | number)[]): number {
  return BigInt(a) < BigInt(b) ? -1 : 1;
}
