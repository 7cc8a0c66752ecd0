// The search for a legal order, as the page draws it: who asked what when, the longest order, where it breaks off and why.
import { Histories, type SearchedHistory } from "../checker/histories.js";
import type { Judged } from "../checker/history-formats/recorded-models.js";
import type { Answer, Explanation } from "../checker/linearizability/answer.js";
import type { Operation } from "../checker/linearizability/history.js";
import type { Step } from "../checker/models/step.js";
import type { EventLine, InvokeLine } from "../trace/line.js";
import { FILM_FORMAT, type HistoryFilm, type OperationFacts, type OrderFacts } from "./film.js";

/** A recorded history that was judged, as a film of its own. */
export function historyFilm(judged: Judged, name: string): HistoryFilm {
  const { answer } = judged;
  const title = `${answer.operations} operations on a ${answer.model}`;
  return { film: FILM_FORMAT, kind: "history", name, order: orderOf(judged, title, "event") };
}

type Searched = Pick<Judged, "answer" | "operations" | "describe">;

function orderOf({ answer, operations, describe }: Searched, title: string, unit: OrderFacts["unit"]): OrderFacts {
  const explanation = answer.verdict === "not-linearizable" ? answer.explanation : null;
  // Operations of other parts of the object have no part in it.
  const kept = operations.flatMap((operation, place) => (isOfPart(operation, explanation) ? [place] : []));
  const places = new Map(kept.map((place, at) => [place, at]));
  const at = (place: number): number => places.get(place) ?? -1;
  const all = (list: readonly number[]): number[] => list.map(at).filter((place) => place >= 0);
  return {
    title: `${title}${partOf(explanation)}`,
    verdict: answer.verdict,
    says: saysOf(answer),
    unit,
    operations: kept.map((place) => {
      const operation = operations[place] as Operation;
      const what = describe(place);
      return operationFacts(operation, what.startsWith("{") ? inWords(operation) : what);
    }),
    longest: all(answer.verdict === "linearizable" ? answer.order : (explanation?.longestPrefix ?? [])),
    blocked: explanation === null ? null : at(explanation.blocked),
    minimal: all(explanation?.minimal ?? []),
    nearMisses: (explanation?.nearMisses ?? []).map(({ operation, why }) => ({ operation: at(operation), why })),
    reached: (explanation?.reached ?? []).map(({ prefix, state, candidates }) => ({
      prefix: all(prefix),
      state,
      candidates: candidates.map(({ operation, why }) => ({ operation: at(operation), why })),
    })),
  };
}

function isOfPart({ input }: Operation, explanation: Explanation | null): boolean {
  const key = (input as { readonly key?: unknown } | null)?.key;
  return explanation?.partition === undefined || key === undefined || key === explanation.partition;
}

const partOf = (explanation: Explanation | null): string =>
  explanation?.partition === undefined ? "" : `, key ${JSON.stringify(String(explanation.partition))}`;

function saysOf(answer: Answer): string {
  switch (answer.verdict) {
    case "linearizable":
      return "There is an order of these operations that one client alone could have seen, and that respects time.";
    case "undecided":
      return `Nobody knows: the search ran out of ${answer.exhausted}.`;
    case "not-linearizable":
      return "No order of these operations is one that a single client could have seen and that respects time.";
  }
}

// "Acquire by session 34 → OK, token 36": of models that have no words of their own for their operations.
function inWords({ input, output }: Operation): string {
  const { f, session, ...given } = input as Readonly<Record<string, unknown>>;
  const { status, ...answered } = (output ?? {}) as Readonly<Record<string, unknown>>;
  const said = fields(given);
  const head = `${String(f)}${said === "" ? "" : `(${said})`}${session === undefined ? "" : ` by session ${fieldInWords(session)}`}`;
  if (output === undefined) return head;
  const shown = fields(answered);
  return `${head} → ${typeof status === "string" ? status : ""}${shown === "" ? "" : `${typeof status === "string" ? ", " : ""}${shown}`}`;
}

function fields(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => `${name} ${fieldInWords(value)}`)
    .join(", ");
}

function fieldInWords(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
}

function operationFacts({ process, call, return: end, outcome }: Operation, what: string): OperationFacts {
  return { process: String(process), call, return: outcome === "ok" ? end : null, outcome, what };
}

/** Listens to a run for what clients saw of each service, to be searched at its end. */
export class OrderFilm {
  readonly #histories = new Histories();
  readonly #begun = new Map<string, InvokeLine>();
  readonly #names = new Map<string, string>();

  see(line: EventLine, at: number): void {
    if (line.e === "invoke") {
      this.#begun.set(`${line.client}.${line.incarnation}/${line.op}`, line);
      this.#names.set(`${line.partition}/${line.service}`, line.spec.name);
      this.#histories.invoke(line, at);
    } else if (line.e === "return") {
      const invoke = this.#begun.get(`${line.client}.${line.incarnation}/${line.op}`);
      if (invoke !== undefined) this.#histories.returned(invoke, line, at);
    }
  }

  committed(partition: number, step: Step, at: number): void {
    this.#histories.committed(partition, step, at);
  }

  /** Of services of these kinds: those of which no order is legal. */
  illegal(kinds: ReadonlySet<string>): OrderFacts[] {
    const found: OrderFacts[] = [];
    for (const { name, kind } of this.#histories.services()) {
      if (!kinds.has(kind)) continue;
      const history: SearchedHistory | string = this.#histories.history(name);
      if (typeof history === "string" || history.answer.verdict !== "not-linearizable") continue;
      found.push(orderOf(history, `What clients saw of ${this.#names.get(name) ?? name}`, "line"));
    }
    return found;
  }
}
