// Judges what replicas of one partition answer to queries: that they answer at all, at an index that is far enough, and what
// the model says there. What clients make of the answers is judged in clients.ts.
import type { Status } from "../protocol/failure.js";
import type { QueryAnswer } from "../protocol/machine.js";
import type { AnswerLine, QueryLine } from "../trace/line.js";
import { codecOf, operationIsAsExpected } from "./answers.js";
import { catalogue } from "./catalogue.js";
import type { Court } from "./court.js";
import type { QueryDifference } from "./difference.js";
import { answered, readYourWrites } from "./invariants/queries.js";
import { asModelled } from "./invariants/services.js";
import type { ExpectedQuery } from "./models/partition-state.js";
import type { Property } from "./property.js";
import { statusName } from "./shapes.js";

const byQuery: readonly Property[] = [
  ...catalogue.filter((property) => property.query !== undefined && property !== asModelled),
  asModelled,
];
const NOTHING = new Uint8Array(0);

interface Waiting {
  readonly query: string;
  readonly needs: bigint;
  readonly line: number;
  readonly at: number;
}

export class Enquiry {
  /** Whether some replica owes an answer in this very step. */
  owing = false;
  readonly #court: Court;
  readonly #parked = new Map<number, Waiting[]>();
  readonly #due = new Map<number, { readonly waiting: Waiting; readonly since: number; readonly reached: number }[]>();

  constructor(court: Court) {
    this.#court = court;
  }

  asked(line: QueryLine, at: number): void {
    const needs = line.input.maxReceivedIndex;
    const waiting = { query: line.query, needs, line: at, at: line.t };
    if (!line.parked) return this.#owes(line.replica, waiting, line.t, at);
    const parked = this.#parked.get(line.replica);
    if (parked === undefined) this.#parked.set(line.replica, [waiting]);
    else parked.push(waiting);
    if (needs <= line.index) this.#owes(line.replica, waiting, line.t, at);
  }

  /** A replica has reached `index`. */
  reached(replica: number, index: bigint, t: number, at: number): void {
    const parked = this.#parked.get(replica);
    if (parked === undefined || parked.length === 0) return;
    const still: Waiting[] = [];
    for (const waiting of parked) {
      if (waiting.needs > index) still.push(waiting);
      else this.#owes(replica, waiting, t, at);
    }
    this.#parked.set(replica, still);
  }

  #owes(replica: number, waiting: Waiting, since: number, reached: number): void {
    const due = this.#due.get(replica);
    if (due === undefined) this.#due.set(replica, [{ waiting, since, reached }]);
    else due.push({ waiting, since, reached });
    this.owing = true;
  }

  /** The queries that were parked at a replica are lost, and it owes nothing. */
  lost(replica: number): void {
    this.#parked.delete(replica);
    this.#due.delete(replica);
  }

  /** Time goes on, or the replica does: whoever owed an answer has failed to give it. `replica` null: time. */
  settle(t: number, replica: number | null, at: number): void {
    this.owing = false;
    for (const [owner, due] of this.#due) {
      if (due.length === 0) continue;
      const over = replica === owner || due.some((each) => each.since < t);
      if (!over) {
        this.owing = true;
        continue;
      }
      for (const { waiting, reached } of due) {
        this.#court.ledger.of(answered).judged++;
        const says = `replica ${owner} reached index ${waiting.needs}, and did not answer the query that waited for it`;
        const finding = { says, expected: "an answer", got: "none" };
        this.#court.ledger.breaks(answered, finding, [waiting.line, reached, at], "query");
      }
      due.length = 0;
    }
  }

  answer(line: AnswerLine, at: number): void {
    const { ledger, model } = this.#court;
    const due = this.#due.get(line.replica);
    const place = due?.findIndex((each) => each.waiting.query === line.query) ?? -1;
    if (due !== undefined && place >= 0) {
      due.splice(place, 1);
      ledger.of(answered).judged++;
    }
    ledger.of(readYourWrites).judged++;
    if (line.index < line.input.maxReceivedIndex) {
      const says = `a query that needs index ${line.input.maxReceivedIndex} was answered at index ${line.index}`;
      const finding = { says, expected: "an answer at the index or later", got: "an earlier one" };
      ledger.breaks(readYourWrites, finding, [at], "query");
    }
    if (!model.remembers(line.index)) {
      return ledger.lacks(asModelled, "the replica lags behind further than the judge remembers");
    }
    ledger.of(asModelled).judged++;
    model.at(line.index, () => this.#compare(line, at));
  }

  #compare(line: AnswerLine, at: number): void {
    const { ledger, model } = this.#court;
    const expected = model.query(line.input);
    const matches = this.matches(expected, line);
    if (matches) return;
    const asked = line.input.input?.value;
    const operation = asked?.input?.value.operation;
    const difference: QueryDifference = {
      input: line.input,
      grave: asked === undefined ? null : model.graveAt(asked.sessionId, line.index),
      sessionLives: asked !== undefined && model.sessions.has(asked.sessionId),
      service: model.services.get(asked?.input?.value.serviceId ?? 0n) ?? null,
      operation: operation?.name ?? "",
      payload: operation?.payload ?? NOTHING,
      answer: line.answer,
      expected: expectedShape(expected),
      got: gotShape(line.answer, expected),
    };
    this.#court.stand(line.replica).diverged = true;
    const entry = `query ${difference.service?.spec.service ?? "?"}.${difference.operation}`;
    for (const property of byQuery) {
      const finding = property.query?.(difference) ?? null;
      if (finding !== null) ledger.breaks(property, finding, [at], entry);
    }
  }

  /** Whether an answer is what the model expects. */
  matches(
    expected: ExpectedQuery,
    line: { readonly input: AnswerLine["input"]; readonly answer: QueryAnswer },
  ): boolean {
    const { answer } = line;
    if (expected.kind === "anything") return true;
    if (expected.kind === "failure") return answer.kind === "failure" && answer.status === expected.status;
    const operation = operationOf(answer);
    if (operation === null) return false;
    const { output, service } = expected;
    const name = line.input.input?.value.input?.value.operation?.name ?? "";
    return operationIsAsExpected(
      output.status,
      output.payload,
      operation,
      codecOf(service, name, output, this.#court.kinds),
    );
  }
}

/** What a query was answered with; null for a failure. */
export function operationOf(answer: QueryAnswer): { status: Status; payload: Uint8Array; message: string } | null {
  if (answer.kind === "failure") return null;
  const inner = answer.output.output?.value.output;
  return inner?.value.operation ?? null;
}

function expectedShape(expected: ExpectedQuery): string {
  if (expected.kind === "anything") return "anything";
  return expected.kind === "failure" ? `failure ${statusName(expected.status)}` : statusName(expected.output.status);
}

function gotShape(answer: QueryAnswer, expected: ExpectedQuery): string {
  if (answer.kind === "failure") return `failure ${statusName(answer.status)}`;
  const status = operationOf(answer)?.status;
  const same = expected.kind === "output" && status === expected.output.status;
  return same ? "another payload" : statusName(status);
}
