// The service "lock" of SPEC 2.4 as its clients see it: an Acquire takes effect when it is granted, and tokens rise from grant
// to grant, since waiters are served in the order of their entries. Who waits is nobody's to see but by Get, which says how many.
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import type { ServiceOutput, Uint64 } from "./service-answers.js";
import { sameNumber } from "./service-answers.js";

/** "End" is the end of a session, closed or expired: of unknown outcome where nobody was told. */
export type LockInput =
  | { readonly f: "Acquire"; readonly session: Uint64 }
  | { readonly f: "Release"; readonly session: Uint64; readonly token?: Uint64 }
  | { readonly f: "End"; readonly session: Uint64 }
  | { readonly f: "Get" };

export interface LockOutput extends ServiceOutput {
  /** Of an Acquire that was granted; of a Get, with the holder; absent or null where the lock is free. */
  readonly token?: Uint64 | null;
  readonly session?: Uint64 | null;
}

export interface LockState {
  readonly holder: { readonly session: Uint64; readonly token: Uint64 | null } | null;
  /** The highest token that was granted, as far as it is known. */
  readonly highest: bigint;
}

function step(state: LockState, input: LockInput, output: LockOutput | undefined): LockState | undefined {
  const { holder } = state;
  switch (input.f) {
    case "Acquire": {
      if (output !== undefined && output.status !== "OK") return state;
      const token = output?.token ?? null;
      if (holder !== null || (token !== null && BigInt(token) <= state.highest)) return undefined;
      return {
        holder: { session: input.session, token },
        highest: token === null ? state.highest : BigInt(token),
      };
    }
    case "Release": {
      const tokenFits =
        input.token === undefined || holder?.token === null || sameNumber(input.token, holder?.token ?? null);
      const fits = holder !== null && sameNumber(holder.session, input.session) && tokenFits;
      if (output !== undefined && (output.status === "OK") !== fits) return undefined;
      return fits ? { ...state, holder: null } : state;
    }
    case "End":
      return holder !== null && sameNumber(holder.session, input.session) ? { ...state, holder: null } : state;
    case "Get": {
      if (output === undefined || output.status !== "OK") return state;
      if (!sameNumber(output.session, holder?.session)) return undefined;
      const unknown = holder?.token === null || output.token === undefined;
      return unknown || sameNumber(output.token, holder?.token) ? state : undefined;
    }
  }
}

/** See the top. */
export const lockService: Model<LockState, LockInput, LockOutput> = {
  name: "lock",
  init: () => ({ holder: null, highest: 0n }),
  step,
  stateKey: ({ holder, highest }) =>
    holder === null
      ? `free>${highest}`
      : `${BigInt(holder.session)}@${holder.token === null ? "?" : BigInt(holder.token)}>${highest}`,
  readOnly: (input, output) => input.f === "Get" || (output !== undefined && output.status !== "OK"),
  alwaysLegal: (input, output) =>
    input.f === "End" || (input.f === "Acquire" && output !== undefined && output.status !== "OK"),
  describeOperation: (input, output) => `${canonicalKey(input)} = ${canonicalKey(output)}`,
  describeState: ({ holder }) => (holder === null ? "free" : `held by session ${String(holder.session)}`),
  explain: ({ holder, highest }) =>
    holder === null
      ? `the lock is free, the highest token was ${highest}`
      : `session ${String(holder.session)} holds the lock with token ${String(holder.token ?? "unknown")}`,
};
