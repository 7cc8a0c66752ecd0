// The naive election: a list of named participants, the first of them leads, a term per leader. SPEC 2.4.
import { encode } from "../../protocol/codec.js";
import {
  AnointInput,
  DemoteInput,
  ElectionState,
  EnterInput,
  EventsInput,
  EvictInput,
  GetTermInput,
  PromoteInput,
  Term,
  WithdrawInput,
} from "../../proto/multiraft_sim/election/v1/election.js";
import { Status } from "../../protocol/failure.js";
import { Listeners, listenersDisorder, waitingOf } from "./listeners.js";
import type {
  Answered,
  Caller,
  Codec,
  DataDifference,
  DataFacts,
  Outcome,
  ServiceKindModel,
  ServiceModel,
  Surroundings,
} from "./service.js";
import { listening, ok, read, refuse, sameBytes } from "./service.js";

interface Participant {
  readonly name: string;
  readonly session: bigint;
}

// All six change commands have the same one field.
const INPUTS: Readonly<Record<string, Codec<{ candidate: string }>>> = {
  Enter: EnterInput,
  Withdraw: WithdrawInput,
  Anoint: AnointInput,
  Promote: PromoteInput,
  Demote: DemoteInput,
  Evict: EvictInput,
};

class ElectionModel implements ServiceModel {
  term = 0n;
  participants: readonly Participant[] = [];
  readonly #listeners: Listeners;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#listeners = new Listeners(around);
  }

  command(operation: string, payload: Uint8Array, by: Caller): Outcome {
    if (operation === "Events") {
      if (read(EventsInput, payload) === undefined) return refuse(Status.INVALID);
      this.#listeners.add(by);
      return listening;
    }
    const codec = Object.hasOwn(INPUTS, operation) ? INPUTS[operation] : undefined;
    if (codec === undefined) return refuse(Status.NOT_SUPPORTED);
    const input = read(codec, payload);
    if (input === undefined) return refuse(Status.INVALID);
    const refusal = this.#change(operation, input.candidate, by.session);
    return refusal === null ? this.#shown() : refuse(refusal);
  }

  #change(operation: string, name: string, session: bigint): Status | null {
    const list = this.participants;
    const at = list.findIndex((each) => each.name === name);
    const candidate = list[at];
    if (operation === "Enter") {
      const entered = { name, session };
      if (candidate === undefined) this.#become([...list, entered]);
      else if (candidate.session !== session) this.#become(list.with(at, entered));
      return null;
    }
    if (candidate === undefined) return Status.NOT_FOUND;
    const rest = list.toSpliced(at, 1);
    switch (operation) {
      case "Withdraw":
        if (candidate.session !== session) return Status.CONFLICT;
        this.#become(rest);
        return null;
      case "Evict":
        this.#become(rest);
        return null;
      case "Anoint":
        if (at > 1) this.#around.note("anointed");
        this.#become([candidate, ...rest]);
        return null;
      case "Promote":
        this.#become(rest.toSpliced(Math.max(0, at - 1), 0, candidate));
        return null;
      default:
        this.#become(rest.toSpliced(at + 1, 0, candidate));
        return null;
    }
  }

  // A new list. A change of who leads – another name, or the same in another session – begins a term.
  #become(list: readonly Participant[]): void {
    const before = this.participants;
    if (list.length === before.length && list.every((each, i) => sameParticipant(each, before[i]))) return;
    const leader = list[0];
    if (leader !== undefined && !sameParticipant(leader, before[0])) {
      if (leader.name === before[0]?.name) this.#around.note("leader-taken-over");
      this.#around.journal.set<ElectionModel, "term">(this, "term", this.term + 1n);
    }
    this.#around.journal.set<ElectionModel, "participants">(this, "participants", list);
    if (this.#listeners.want()) this.#listeners.publish(this.#encoded(), false);
  }

  query(operation: string, payload: Uint8Array): Answered {
    if (operation !== "GetTerm") return refuse(Status.NOT_SUPPORTED);
    return read(GetTermInput, payload) === undefined ? refuse(Status.INVALID) : this.#shown();
  }

  ended(session: bigint, num: bigint): void {
    this.#listeners.ended(session, num);
  }

  left(session: bigint): void {
    this.#listeners.left(session);
    if (this.#around.cause === "expiry" && this.participants.some((each) => each.session === session)) {
      this.#around.note(this.participants[0]?.session === session ? "leader-expired" : "candidate-expired");
    }
    this.#become(this.participants.filter((each) => each.session !== session));
  }

  nextTimer(): null {
    return null;
  }

  data(): Uint8Array {
    const participants = this.participants.map(({ name, session }) => ({ name, sessionId: session }));
    return encode(ElectionState, { term: this.term, participants, listeners: this.#listeners.saved() });
  }

  differences(data: Uint8Array): DataDifference[] {
    const state = read(ElectionState, data);
    if (state === undefined) return [{ what: "unreadable", says: "the saved election does not decode" }];
    const found: DataDifference[] = [];
    if (state.term !== this.term)
      found.push({ what: "term", says: `the term should be ${this.term}, not ${state.term}` });
    const theirs = new Map(state.participants.map((each) => [each.name, each.sessionId]));
    for (const { name, session } of this.participants) {
      const saved = theirs.get(name);
      if (saved === undefined) {
        found.push({ what: "participant-missing", session, says: `"${name}" should take part, and does not` });
      } else if (saved !== session) {
        const says = `"${name}" should be of session ${session}, and is of ${saved}`;
        found.push({ what: "participant-session", session: saved, says });
      }
      theirs.delete(name);
    }
    for (const [name, session] of theirs) {
      found.push({ what: "participant-extra", session, says: `"${name}" of session ${session} should not take part` });
    }
    const order = state.participants.map((each) => each.name);
    if (found.length === 0 && this.participants.some((each, i) => each.name !== order[i])) {
      found.push({ what: "participant-order", says: "the participants stand in another order" });
    }
    return [...found, ...this.#listeners.differences(state.listeners)];
  }

  #shown(): Answered {
    return ok(this.#encoded());
  }

  #encoded(): Uint8Array {
    const [leader, ...candidates] = this.participants.map((each) => each.name);
    return encode(Term, { term: this.term, leader, candidates });
  }
}

const sameParticipant = (a: Participant, b: Participant | undefined): boolean =>
  b !== undefined && a.name === b.name && a.session === b.session;

function facts(data: Uint8Array): DataFacts | null {
  const state = read(ElectionState, data);
  if (state === undefined) return null;
  const same = sameBytes(encode(ElectionState, state), data);
  return {
    disorder: listenersDisorder(state.listeners) ?? (same ? null : "it encodes to other bytes"),
    deadlines: [],
    waiting: waitingOf(state.listeners),
    holders: state.participants.map((each) => each.sessionId),
  };
}

export const election: ServiceKindModel = {
  create: (around) => new ElectionModel(around),
  facts,
  answers: {
    Enter: Term,
    Withdraw: Term,
    Anoint: Term,
    Promote: Term,
    Demote: Term,
    Evict: Term,
    GetTerm: Term,
    event: Term,
  },
};
