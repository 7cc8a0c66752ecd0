// What `check` prints: an answer for a person, or as data.
import type { Answer, NotLinearizable } from "../checker/linearizability/answer.js";
import type { Judged } from "../checker/history-formats/recorded-models.js";

const MOST_CANDIDATES = 12;

/** The answer in words, one thing a line; the last line shows it again. */
export function answerInWords(judged: Judged, reproduce: string): string {
  const { answer } = judged;
  const lines = [`${headline(answer)} (${answer.algorithms.join(", ") || "nothing to decide"}; ${searched(answer)})`];
  if (answer.verdict === "undecided") lines.push(`  ran out of: ${answer.exhausted}`);
  if (answer.verdict === "not-linearizable") lines.push(...reasons(judged, answer));
  if (answer.verdict !== "linearizable") lines.push("", reproduce);
  return lines.join("\n");
}

function headline({ verdict, model, operations }: Answer): string {
  const what = { linearizable: "linearizable", "not-linearizable": "NOT linearizable", undecided: "undecided" }[
    verdict
  ];
  return `${what}: ${operations} operations on a ${model}`;
}

function searched({ configurations }: Answer): string {
  return configurations === 1 ? "1 configuration" : `${configurations} configurations`;
}

function reasons(judged: Judged, answer: NotLinearizable): string[] {
  const { explanation } = answer;
  const lines: string[] = [];
  if (explanation.partition !== undefined) lines.push(`  partition: ${String(explanation.partition)}`);
  lines.push("  these contradict each other, whatever the others did:");
  for (const operation of explanation.minimal) lines.push(`    ${line(judged, operation)}`);
  if (explanation.minimalCut) lines.push("    (a budget ran out; fewer may do)");
  for (const { operation } of explanation.nearMisses) lines.push(`    can't help: ${line(judged, operation)}`);
  lines.push(`  no order meets the return of: ${line(judged, explanation.blocked)}`);
  for (const { prefix, state, candidates } of explanation.reached) {
    lines.push(`  after ${prefix.length} operations, in state ${state}:`);
    for (const { operation, why } of candidates.slice(0, MOST_CANDIDATES)) {
      lines.push(`    ${line(judged, operation)}: ${why}`);
    }
    if (candidates.length > MOST_CANDIDATES) lines.push(`    … and ${candidates.length - MOST_CANDIDATES} more`);
  }
  return lines;
}

function line({ operations, describe }: Judged, operation: number): string {
  const one = operations[operation];
  if (one === undefined) return `#${operation}`;
  const end = one.outcome === "ok" ? one.return : "…";
  return `#${operation} [${one.call}, ${end}] process ${one.process}: ${describe(operation)}`;
}

/** The answer as one JSON object. */
export function answerAsData({ answer, describe }: Judged, reproduce: string): string {
  const explanation = answer.verdict === "not-linearizable" ? answer.explanation : null;
  return JSON.stringify(
    {
      verdict: answer.verdict,
      model: answer.model,
      algorithm: answer.algorithms.join("+") || "none",
      operations: answer.operations,
      configurations: answer.configurations,
      keyClass: answer.keyBits === 0 ? null : `exact, ${answer.keyBits} bits`,
      partition: explanation?.partition ?? null,
      blocked: explanation === null ? null : { operation: explanation.blocked, what: explanation.blockedWhat },
      candidates: explanation?.reached[0]?.candidates ?? [],
      reached: explanation?.reached ?? [],
      longestPrefix: explanation?.longestPrefix ?? null,
      minimal: (explanation?.minimal ?? []).map((operation) => ({ operation, what: describe(operation) })),
      nearMisses: explanation?.nearMisses ?? [],
      exhausted: answer.verdict === "undecided" ? answer.exhausted : null,
      order: answer.verdict === "linearizable" ? answer.order : null,
      reproduce,
    },
    (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
    2,
  );
}
