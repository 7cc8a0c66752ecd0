// The service "election" of SPEC 2.4: participants in order, the first one leads, the term rises whenever somebody becomes leader.
import { canonicalKey } from "../kernels/canonical-key.js";
import type { Model } from "../model.js";
import type { ServiceOutput, Uint64 } from "./service-answers.js";
import { sameNumber } from "./service-answers.js";

/** "End" is the end of a session, closed or expired: of unknown outcome where nobody was told. */
export type ElectionInput =
  | {
      readonly f: "Enter" | "Withdraw" | "Anoint" | "Promote" | "Demote" | "Evict";
      readonly candidate: string;
      readonly session: Uint64;
    }
  | { readonly f: "End"; readonly session: Uint64 }
  | { readonly f: "GetTerm" };

/** The term after the operation. A refusal says nothing of it. */
export interface ElectionOutput extends ServiceOutput {
  readonly term?: Uint64;
  readonly leader?: string | null;
  readonly candidates?: readonly string[];
}

interface Participant {
  readonly name: string;
  readonly session: Uint64;
}

export interface ElectionState {
  readonly term: bigint;
  readonly participants: readonly Participant[];
}

function led(state: ElectionState, participants: readonly Participant[]): ElectionState {
  const before = state.participants[0];
  const now = participants[0];
  const same = before?.name === now?.name && sameNumber(before?.session, now?.session);
  return { term: now === undefined || same ? state.term : state.term + 1n, participants };
}

function moved(participants: readonly Participant[], from: number, to: number): readonly Participant[] {
  const rest = participants.toSpliced(from, 1);
  return rest.toSpliced(to, 0, participants[from] as Participant);
}

/** The state after, and the status of a refusal. */
function after(state: ElectionState, input: ElectionInput): { state: ElectionState; status: string } {
  const { participants } = state;
  const ok = (next: readonly Participant[]): { state: ElectionState; status: string } => {
    return { state: led(state, next), status: "OK" };
  };
  if (input.f === "GetTerm") return { state, status: "OK" };
  if (input.f === "End") return ok(participants.filter(({ session }) => !sameNumber(session, input.session)));
  const at = participants.findIndex(({ name }) => name === input.candidate);
  const mine: Participant = { name: input.candidate, session: input.session };
  if (input.f === "Enter") return ok(at < 0 ? [...participants, mine] : participants.toSpliced(at, 1, mine));
  if (at < 0) return { state, status: "NOT_FOUND" };
  switch (input.f) {
    case "Withdraw":
      if (!sameNumber((participants[at] as Participant).session, input.session)) return { state, status: "CONFLICT" };
      return ok(participants.toSpliced(at, 1));
    case "Evict":
      return ok(participants.toSpliced(at, 1));
    case "Anoint":
      return ok(moved(participants, at, 0));
    case "Promote":
      return ok(moved(participants, at, Math.max(0, at - 1)));
    case "Demote":
      return ok(moved(participants, at, Math.min(participants.length - 1, at + 1)));
  }
}

function shows(output: ElectionOutput, state: ElectionState): boolean {
  const names = state.participants.map(({ name }) => name);
  if (output.term !== undefined && BigInt(output.term) !== state.term) return false;
  if (output.leader !== undefined && output.leader !== (names[0] ?? null)) return false;
  return output.candidates === undefined || output.candidates.join("\0") === names.slice(1).join("\0");
}

/** See the top. */
export const electionService: Model<ElectionState, ElectionInput, ElectionOutput> = {
  name: "election",
  init: () => ({ term: 0n, participants: [] }),
  step(state, input, output) {
    const { state: next, status } = after(state, input);
    if (output === undefined) return next;
    if (output.status !== status) return undefined;
    return status !== "OK" || shows(output, next) ? next : undefined;
  },
  stateKey: ({ term, participants }) =>
    `${term}:${participants.map(({ name, session }) => `${canonicalKey(name)}@${BigInt(session)}`).join(",")}`,
  readOnly: (input, output) => input.f === "GetTerm" || (output !== undefined && output.status !== "OK"),
  alwaysLegal: (_input, output) => output === undefined,
  describeOperation: (input, output) => `${canonicalKey(input)} = ${canonicalKey(output)}`,
  describeState: ({ term, participants }) =>
    `term ${term}: ${participants.map(({ name }) => name).join(", ") || "nobody"}`,
  explain: ({ term, participants }) =>
    `in term ${term} there are ${participants.map(({ name }) => name).join(", ") || "nobody"}`,
};
