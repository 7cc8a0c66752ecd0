// Films one partition: the judge's models step through its log, and beside each entry stands what they expect, what replicas
// answered, what changed, and in what observed states differ. Comparing is the judge's own code; nothing is judged here.
import { isAsExpected, judgeable } from "../checker/answers.js";
import type { ModelRegistry } from "../checker/models/service.js";
import { PartitionModel } from "../checker/models/sessions.js";
import type { Step } from "../checker/models/step.js";
import { readSavedState } from "../checker/saved-state.js";
import { compareStates } from "../checker/states.js";
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { toNanos } from "../base/time.js";
import type { Capabilities } from "../protocol/machine.js";
import type { AnswerLine, ApplyLine, CommitLine, ObserveLine, SaveLine } from "../trace/line.js";
import {
  expectedInWords,
  expectedQueryInWords,
  givenInWords,
  type Owner,
  queryAnswerInWords,
  queryOf,
  refusalInWords,
} from "./answers-in-words.js";
import type { EntryFacts, GivenAnswer, OddState, QueryFacts, RowChange } from "./film.js";
import { sinceStart, withInstants } from "./headlines.js";
import { Lives } from "./lives.js";
import type { Narrator } from "./narrator.js";
import { changesBetween, type Readings, rowsOf, savedModel } from "./state-rows.js";

/** Entries that can be looked back at: a replica that lags further is shown without the models' state. */
const WINDOW = 20_000;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

interface Taken {
  readonly step: Step;
  readonly place: number;
  readonly facts: Mutable<EntryFacts>;
  readonly given: Map<string, Mutable<GivenAnswer>>;
}

export class PartitionFilm {
  readonly lives: Lives;
  readonly #partition: number;
  readonly #model: PartitionModel;
  readonly #kinds: ModelRegistry;
  readonly #narrator: Narrator;
  readonly #readable: boolean;
  readonly #taken: Taken[] = [];
  #rows: ReadonlyMap<string, string> = new Map();

  constructor(partition: number, capabilities: Capabilities, kinds: ModelRegistry, narrator: Narrator) {
    this.#partition = partition;
    this.#kinds = kinds;
    this.#narrator = narrator;
    this.#model = new PartitionModel(kinds, capabilities.services);
    this.#readable = (capabilities.observations ?? capabilities.snapshots) !== "opaque";
    this.lives = new Lives(partition, narrator);
  }

  /** An entry is committed. `place`: among the entries of all partitions. */
  commit(line: CommitLine, at: number, place: number): { readonly facts: EntryFacts; readonly step: Step } {
    const step = this.#model.step(at, line.input);
    this.#nameNew(step, line.origin);
    const readings = new Map<bigint, Readings extends ReadonlyMap<bigint, infer Reading> ? Reading : never>();
    const rows = rowsOf(savedModel(this.#model), readings);
    const entry = this.#narrator.entry(line);
    const facts: Mutable<EntryFacts> = {
      partition: this.#partition,
      index: String(step.index),
      line: at,
      words: entry.words,
      label: entry.label,
      log: sinceStart(this.#model.time),
      ...(step.sessionId === 0n ? {} : { session: String(step.sessionId) }),
      ...(step.service === null ? {} : { service: String(step.service.id) }),
      ...commandOf(line),
      ...(step.run !== null && { must: MUST[step.run] }),
      expected: expectedInWords(step),
      notes: notesOf(step),
      changed: changesBetween(this.#rows, rows),
      given: [],
      odd: [],
      agreed: [],
    };
    this.#rows = rows;
    this.#taken.push({ step, place, facts, given: new Map() });
    this.lives.stepped(place, this.#model, readings);
    if (this.#taken.length % 256 === 0) this.#model.forget(WINDOW);
    return { facts, step };
  }

  // Names are known from the entries that bring them, before anybody is told of them.
  #nameNew(step: Step, origin: string): void {
    if (step.reply.kind === "opened") {
      this.#narrator.client(this.#partition, step.reply.id, origin.split("/")[0] ?? "");
    }
    if (step.reply.kind === "service-opened" && step.service !== null) {
      const { id, spec } = step.service;
      this.#narrator.service(this.#partition, id, spec.service, spec.name);
    }
  }

  #at(index: bigint): Taken | undefined {
    return this.#taken[Number(index) - 1];
  }

  /** The words of the entry at an index. */
  wordsAt(index: bigint): string {
    return this.#at(index)?.facts.words ?? "an entry that was never committed";
  }

  apply(line: ApplyLine, at: number): void {
    const taken = this.#at(line.index);
    if (taken === undefined || !this.#model.remembers(line.index)) return;
    const { step, facts, given } = taken;
    const [words, expected] = this.#model.at(line.index, () => {
      const owner = { kind: step.service?.spec.service ?? "", operation: step.operation };
      const said = givenInWords(line.applied, owner, (session, num) => this.#ownerOf(session, num));
      return [said, isAsExpected(step, judgeable(line.applied, this.#model), this.#kinds)] as const;
    });
    const key = `${expected}${words.reply}\n${words.emissions.join("\n")}`;
    const same = given.get(key);
    if (same === undefined) given.set(key, { ...words, replicas: [line.replica], lines: [at], expected });
    else {
      same.replicas = [...same.replicas, line.replica];
      same.lines = [...same.lines, at];
    }
    facts.given = [...given.values()];
  }

  #ownerOf(session: bigint, num: bigint): Owner {
    const command = this.#model.sessions.get(session)?.commands.get(num);
    return { kind: command?.service?.spec.service ?? "", operation: command?.input.operation?.name ?? "" };
  }

  /** A state was looked at. */
  observe(line: ObserveLine | SaveLine, at: number): void {
    const taken = this.#at(line.index);
    if (taken === undefined || !this.#readable || !this.#model.remembers(line.index)) return;
    const saved = readSavedState(line.bytes);
    const odd =
      saved.kind === "unreadable"
        ? { rows: [], says: [saved.says] }
        : this.#model.at(line.index, () => this.#compared(saved.state, line, taken.place));
    const { facts } = taken;
    if (odd === null) {
      if (!facts.agreed.includes(line.replica)) facts.agreed = [...facts.agreed, line.replica];
      return;
    }
    const found: OddState = { line: at, replica: line.replica, ...odd };
    facts.odd = [...facts.odd, found];
  }

  #compared(
    state: PartitionSnapshot,
    line: ObserveLine | SaveLine,
    place: number,
  ): { rows: readonly RowChange[]; says: readonly string[] } | null {
    const { differences } = compareStates(state, line.index, this.#model, this.#kinds);
    if (line.replica === 0) this.lives.seen(place, state, deadlinesOf(state));
    if (differences.length === 0) return null;
    const mine = rowsOf(savedModel(this.#model), new Map());
    const theirs = rowsOf(state, new Map());
    return { rows: changesBetween(mine, theirs), says: differences.map((difference) => withInstants(difference.says)) };
  }

  /** A query was answered. */
  answer(line: AnswerLine, asked: number, at: number): QueryFacts | null {
    if (!this.#model.remembers(line.index)) return null;
    const { service, operation } = queryOf(line.input);
    const owner = { kind: this.#narrator.kindOf(this.#partition, service), operation };
    const expected = this.#model.at(line.index, () => expectedQueryInWords(this.#model.query(line.input), owner));
    const got = queryAnswerInWords(line.answer, owner);
    const words = `${operation} of ${this.#narrator.nameOf(this.#partition, service)}`;
    const index = String(line.index);
    const least = String(line.input.maxReceivedIndex);
    const isEarly = line.index < line.input.maxReceivedIndex;
    return { line: at, asked, words, index, least, isEarly, expected, got, same: expected === got };
  }
}

function deadlinesOf({ sessions }: PartitionSnapshot): Map<bigint, bigint> {
  return new Map(
    sessions.map(({ sessionId, timeout, lastUpdated }) => [
      sessionId,
      (timeout === undefined ? 0n : toNanos(timeout)) + (lastUpdated === undefined ? 0n : toNanos(lastUpdated)),
    ]),
  );
}

function commandOf({ input }: CommitLine): { readonly command?: string } {
  if (input === "undecodable" || input.input?.$case !== "sessionCommand") return {};
  const inner = input.input.value.input;
  return inner?.$case === "serviceCommand" ? { command: String(inner.value.sequenceNum) } : {};
}

const MUST = {
  first: "run",
  listed: "run",
  retry: "be answered from memory",
  refused: "be refused",
} as const;

function notesOf(step: Step): string[] {
  const notes: string[] = [];
  const refusal = refusalInWords(step);
  if (refusal !== "") notes.push(`must be refused: ${refusal}`);
  if (step.run === "first") notes.push("its number is new: the command runs");
  if (step.run === "retry") {
    notes.push(
      "its number has run before: the answer comes from memory, nothing runs again; what was not acknowledged is repeated",
    );
  }
  if (step.run === "listed") notes.push("its number was held open by an earlier keep-alive: the command runs now");
  for (const { id, how } of step.ended) notes.push(`session ${id} has ${how}`);
  if (step.timersRun > 0) notes.push(step.timersRun === 1 ? "a timer runs" : `${step.timersRun} timers run`);
  if (step.notes.includes("stale-keep-alive")) notes.push("a keep-alive that arrives late");
  return notes;
}
