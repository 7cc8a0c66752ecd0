// The text of a test that fails as the run does: a short log for a bare machine where one shows it, else the smallest plan.
// It can be read by someone who has not seen the harness, and says how it came about.
import { catalogue } from "../checker/catalogue.js";
import type { Witness } from "../checker/verdict.js";
import type { Plan } from "../sim/plan.js";
import { isEntry, type LogStep } from "./log-steps.js";
import { inline, literal } from "./written.js";

/** Who stands trial in the test. */
export interface Accused {
  /** As --fsm names it. */
  readonly fsm: string;
  /** The zoo's bug, and where it lives. */
  readonly bug: { readonly name: string; readonly livesIn: string } | null;
}

export interface Emitted {
  readonly accused: Accused;
  readonly witness: Witness;
  /** "seed 7 of the scenario default", or the name of a trace. */
  readonly from: string;
  readonly version: string;
  readonly plan: Plan;
  /** The log that breaks the claim on a bare machine; absent: none does. */
  readonly log?: readonly LogStep[];
}

/** The file's text. */
export function emittedTest(emitted: Emitted): string {
  return emitted.log === undefined ? planTest(emitted) : logTest(emitted, emitted.log);
}

function logTest(emitted: Emitted, log: readonly LogStep[]): string {
  const { witness } = emitted;
  const { imports, accused } = machineOf(emitted.accused);
  const described = annotations(log);
  const lines = log.map((step, i) => {
    const note = described[i] ?? "";
    return `    ${inline(step)},${note === "" ? "" : ` // ${note}`}`;
  });
  return [
    ...head(emitted),
    `import { expect, test } from "vitest";`,
    `import { ${["judgeLog", ...imports].sort().join(", ")} } from "multiraft-sim";`,
    ...accused,
    `test(${JSON.stringify(title(witness))}, () => {`,
    `  // Entries are counted from 1; a session's or a service's id is the index of the entry that made it.`,
    `  const { first } = judgeLog(machine, [`,
    ...lines,
    `  ]);`,
    `  expect(first?.says ?? "every claim holds").toBe("every claim holds");`,
    `});`,
    ``,
  ].join("\n");
}

function planTest(emitted: Emitted): string {
  const { imports, accused } = contestantOf(emitted.accused);
  return [
    ...head(emitted),
    `import { expect, test } from "vitest";`,
    `import { ${["judgePlan", ...imports].sort().join(", ")} } from "multiraft-sim";`,
    ...accused,
    `// Who does what when, in microseconds of virtual time; what is not written here is drawn by the keys.`,
    `const plan = ${literal(emitted.plan, 0, 13)};`,
    ``,
    `test(${JSON.stringify(title(emitted.witness))}, () => {`,
    `  const { first } = judgePlan(accused, plan);`,
    `  expect(first?.says ?? "every claim holds").toBe("every claim holds");`,
    `});`,
    ``,
  ].join("\n");
}

function head({ witness, from, version }: Emitted): string[] {
  return [
    `// Found by multiraft-sim ${version} (${from}), and made as small as it goes.`,
    `// What was seen: ${oneLine(witness.says)}`,
    `// Expected: ${oneLine(witness.expected)}. Got: ${oneLine(witness.got)}.`,
  ];
}

function title({ property }: Witness): string {
  const claim = catalogue.find(({ name }) => name === property)?.claim;
  return claim === undefined ? property : `${property}: ${claim}`;
}

interface Making {
  readonly imports: readonly string[];
  readonly accused: readonly string[];
}

function machineOf({ fsm, bug }: Accused): Making {
  if (bug !== null) {
    const accused = [
      `import { bugNamed } from "multiraft-sim/zoo";`,
      ``,
      `// The reference machine with a bug of the zoo put in: without it, the test passes.`,
      `const machine = bugNamed(${JSON.stringify(bug.name)})?.machine ?? reference;`,
      ``,
    ];
    return { imports: ["reference"], accused };
  }
  if (fsm === "reference") return { imports: ["reference as machine"], accused: [``] };
  const accused = [``, `const machine = await contestantFrom(${JSON.stringify(fsm)});`, ``];
  return { imports: ["contestantFrom"], accused };
}

function contestantOf({ fsm, bug }: Accused): Making {
  if (bug === null || bug.livesIn === "fsm") {
    const { imports, accused } = machineOf({ fsm, bug });
    const last = bug === null && fsm === "reference" ? ["", `const accused = machine;`] : [`const accused = machine;`];
    return { imports, accused: [...accused.slice(0, -1), ...last, ``] };
  }
  const part = bug.livesIn === "registry" ? "registry" : "parts";
  const accused = [
    `import { bugNamed } from "multiraft-sim/zoo";`,
    ``,
    `// The world with a bug of the zoo put in: without it, the test passes.`,
    `const { ${part} } = bugNamed(${JSON.stringify(bug.name)}) ?? {};`,
    `const accused = { ...plainContestant(reference), ...(${part} && { ${part} }) };`,
    ``,
  ];
  return { imports: ["plainContestant", "reference"], accused };
}

/** What a person may want to know beside a step. */
function annotations(log: readonly LogStep[]): string[] {
  let index = 0;
  const seen = new Map<string, number>();
  return log.map((step) => {
    if ("restart" in step) return "its state is saved, and a fresh machine goes on from it";
    if ("damage" in step) return "it must refuse this, and stay as it was";
    if (!isEntry(step)) return "";
    index += 1;
    if ("open" in step) return `session ${index}`;
    if ("create" in step) return `service ${index}`;
    if (!("operation" in step)) return "";
    const name = `${step.session}/${step.number}`;
    const before = seen.get(name);
    if (before === undefined) seen.set(name, index);
    return before === undefined ? "" : `number ${step.number} again, after entry ${before}`;
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
