// The service "election": named participants in order, of whom the first leads; the others are its candidates. SPEC 2.4.
// A term begins whenever someone becomes leader. A participant lives as long as its session.
import { encode } from "../../protocol/codec.js";
import {
  AnointInput,
  DemoteInput,
  ElectionState as SavedElection,
  EnterInput,
  EventsInput,
  EvictInput,
  GetTermInput,
  PromoteInput,
  Term,
  WithdrawInput,
} from "../../proto/multiraft_sim/election/v1/election.js";
import { Status } from "../../protocol/failure.js";
import { SessionId } from "../../protocol/words.js";
import { accepted } from "../answers.js";
import { listening, loadListeners, saveListeners, type Listening, type ListenerList } from "./listeners.js";
import { readState } from "./saved-state.js";
import {
  done,
  opened,
  operation,
  refuse,
  type At,
  type Call,
  type Decoder,
  type Loading,
  type Outcome,
  type Service,
} from "./service.js";

export interface Participant {
  readonly name: string;
  readonly session: SessionId;
}

export interface ElectionState {
  term: bigint;
  /** In order; the first one leads. Replaced, never changed: who compares keeps the old one. */
  participants: readonly Participant[];
  readonly listeners: ListenerList;
}

export interface Election extends Service<ElectionState> {
  readonly listening: Listening;
  enter(at: At, state: ElectionState, call: Call, input: EnterInput): Outcome;
  withdraw(at: At, state: ElectionState, call: Call, input: WithdrawInput): Outcome;
  anoint(at: At, state: ElectionState, input: AnointInput): Outcome;
  promote(at: At, state: ElectionState, input: PromoteInput): Outcome;
  demote(at: At, state: ElectionState, input: DemoteInput): Outcome;
  evict(at: At, state: ElectionState, input: EvictInput): Outcome;
  events(state: ElectionState, call: Call): Outcome;
  getTerm(state: ElectionState): Outcome;
  /** The participants after `session` entered as `name`. */
  entered(participants: readonly Participant[], name: string, session: SessionId): readonly Participant[];
  /** The participants after the one at `from` moved to `to`. */
  moved(participants: readonly Participant[], from: number, to: number): readonly Participant[];
  /** The participants whose sessions outlive this one's. */
  without(participants: readonly Participant[], session: SessionId): readonly Participant[];
  /** The participants are these from now on: perhaps a new leader and term, perhaps an event. */
  change(at: At, state: ElectionState, participants: readonly Participant[]): void;
  /** The term after the leader was `before` and is `after`. */
  termAfter(term: bigint, before: Participant | undefined, after: Participant | undefined): bigint;
  term(state: ElectionState): Term;
}

type Named = (self: Election, at: At, state: ElectionState, call: Call, input: { candidate: string }) => Outcome;

const named = (input: Decoder<{ candidate: string }>, run: Named) => operation(input, run);

export const election: Election = {
  kind: "election",
  listening,

  commands: new Map([
    ["Enter", named(EnterInput, (self, at, state, call, input) => self.enter(at, state, call, input))],
    ["Withdraw", named(WithdrawInput, (self, at, state, call, input) => self.withdraw(at, state, call, input))],
    ["Anoint", named(AnointInput, (self, at, state, _call, input) => self.anoint(at, state, input))],
    ["Promote", named(PromoteInput, (self, at, state, _call, input) => self.promote(at, state, input))],
    ["Demote", named(DemoteInput, (self, at, state, _call, input) => self.demote(at, state, input))],
    ["Evict", named(EvictInput, (self, at, state, _call, input) => self.evict(at, state, input))],
    ["Events", operation(EventsInput, (self: Election, _at, state: ElectionState, call) => self.events(state, call))],
  ]),

  queries: new Map([
    ["GetTerm", operation(GetTermInput, (self: Election, _at, state: ElectionState) => self.getTerm(state))],
  ]),

  enter(at, state, call, { candidate }) {
    this.change(at, state, this.entered(state.participants, candidate, call.session));
    return this.getTerm(state);
  },

  withdraw(at, state, call, { candidate }) {
    const found = state.participants.find(({ name }) => name === candidate);
    if (found === undefined) return unknownCandidate();
    if (found.session !== call.session) return refuse(Status.CONFLICT, "that candidate is another session's");
    this.change(
      at,
      state,
      state.participants.filter((one) => one !== found),
    );
    return this.getTerm(state);
  },

  anoint(at, state, { candidate }) {
    const place = placeOf(state, candidate);
    if (place < 0) return unknownCandidate();
    this.change(at, state, this.moved(state.participants, place, 0));
    return this.getTerm(state);
  },

  promote(at, state, { candidate }) {
    const place = placeOf(state, candidate);
    if (place < 0) return unknownCandidate();
    this.change(at, state, this.moved(state.participants, place, Math.max(place - 1, 0)));
    return this.getTerm(state);
  },

  demote(at, state, { candidate }) {
    const place = placeOf(state, candidate);
    if (place < 0) return unknownCandidate();
    this.change(at, state, this.moved(state.participants, place, Math.min(place + 1, state.participants.length - 1)));
    return this.getTerm(state);
  },

  evict(at, state, { candidate }) {
    const place = placeOf(state, candidate);
    if (place < 0) return unknownCandidate();
    this.change(at, state, state.participants.toSpliced(place, 1));
    return this.getTerm(state);
  },

  events(state, { session, number }) {
    this.listening.add(state.listeners, { session, number, key: undefined });
    return opened();
  },

  getTerm(state) {
    return done(encode(Term, this.term(state)));
  },

  entered(participants, name, session) {
    const place = participants.findIndex((one) => one.name === name);
    return place < 0 ? [...participants, { name, session }] : participants.with(place, { name, session });
  },

  moved(participants, from, to) {
    const one = participants[from] as Participant;
    return participants.toSpliced(from, 1).toSpliced(to, 0, one);
  },

  without: (participants, session) => participants.filter((one) => one.session !== session),

  change(at, state, participants) {
    const before = state.participants;
    if (before.length === participants.length && before.every((one, place) => isSame(one, participants[place]))) return;
    state.participants = participants;
    state.term = this.termAfter(state.term, before[0], participants[0]);
    this.listening.tell(at, state.listeners, undefined, () => accepted(encode(Term, this.term(state))));
  },

  termAfter: (term, before, after) =>
    after === undefined || isSame(after, before) ? term : BigInt.asUintN(64, term + 1n),

  term({ term, participants }) {
    const names = participants.map(({ name }) => name);
    return { term, leader: names[0], candidates: names.slice(1) };
  },

  empty: () => ({ term: 0n, participants: [], listeners: [] }),

  cancel(_at, state, open) {
    this.listening.remove(state.listeners, open);
  },

  leave(at, state, session) {
    this.change(at, state, this.without(state.participants, session));
  },

  due: () => {},

  save: ({ term, participants, listeners }) =>
    encode(SavedElection, {
      term,
      participants: participants.map(({ name, session }) => ({ name, sessionId: session })),
      listeners: saveListeners(listeners),
    }),

  load(data, loading: Loading) {
    const { term, participants, listeners } = readState(SavedElection, data, loading);
    const names = new Set(participants.map(({ name }) => name));
    loading.check(names.size === participants.length, "an election has a name twice");
    for (const { key } of listeners) loading.check(key === undefined, "an election has no keys to listen to");
    return {
      term,
      participants: participants.map(({ name, sessionId }) => ({ name, session: SessionId(sessionId) })),
      listeners: loadListeners(listeners, loading),
    };
  },
};

function placeOf(state: ElectionState, candidate: string): number {
  return state.participants.findIndex(({ name }) => name === candidate);
}

function isSame(a: Participant, b: Participant | undefined): boolean {
  return b !== undefined && a.name === b.name && a.session === b.session;
}

function unknownCandidate(): Outcome {
  return refuse(Status.NOT_FOUND, "nobody of that name takes part");
}
