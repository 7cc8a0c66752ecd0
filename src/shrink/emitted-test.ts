// The text of a test that fails as the run does: a short log for a bare machine where one shows it, else the smallest plan.
// It can be read by someone who has not seen the harness, and says how it came about.
import { dirname, resolve } from "node:path";
import { kindOfSpec, pathSeenFrom } from "../adapter/spec.js";
import { catalogue } from "../checker/catalogue.js";
import type { Witness } from "../checker/verdict.js";
import type { Plan } from "../sim/plan.js";
import { isEntry, type LogStep } from "./log-steps.js";
import type { Shown } from "./target.js";
import { inline, literal } from "./written.js";

/** Who stands trial in the test. */
export interface Accused {
  /** As --fsm names it, from the current folder; null: nothing does, it was given as a value. */
  readonly fsm: string | null;
  /** The zoo's bug, and where it lives. */
  readonly bug: { readonly name: string; readonly livesIn: string } | null;
}

export interface Emitted {
  readonly accused: Accused;
  readonly shown: Shown;
  /** "seed 7 of the scenario default", or the name of a trace. */
  readonly from: string;
  readonly version: string;
  readonly plan: Plan;
  /** The log that breaks the claim on a bare machine; absent: none does. */
  readonly log?: readonly LogStep[];
  /** Where the text is going to be; absent: in the current folder. */
  readonly file?: string;
}

/** How every text begins: what begins so is ours to write over. */
export const FOUND_BY = "// Found by multiraft-sim ";

/** The file's text. */
export function emittedTest(emitted: Emitted): string {
  return emitted.log === undefined ? planTest(emitted) : logTest(emitted, emitted.log);
}

function logTest(emitted: Emitted, log: readonly LogStep[]): string {
  const { shown } = emitted;
  const { imports, accused } = machineOf(emitted);
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
    `test(${JSON.stringify(title(shown.told))}, () => {`,
    `  // Entries are counted from 1; a session's or a service's id is the index of the entry that made it.`,
    `  const ${judged(shown)} = judgeLog(machine, [`,
    ...lines,
    `  ]);`,
    ...expected(shown),
    `});`,
    ``,
  ].join("\n");
}

function planTest(emitted: Emitted): string {
  const { shown } = emitted;
  const { imports, accused } = contestantOf(emitted);
  return [
    ...head(emitted),
    `import { expect, test } from "vitest";`,
    `import { ${["judgePlan", ...imports].sort().join(", ")} } from "multiraft-sim";`,
    ...accused,
    `// Who does what when, in microseconds of virtual time; what is not written here is drawn by the keys.`,
    `const plan = ${literal(emitted.plan, 0, 13)};`,
    ``,
    `test(${JSON.stringify(title(shown.told))}, () => {`,
    `  const ${judged(shown)} = judgePlan(accused, plan);`,
    ...expected(shown),
    `});`,
    ``,
  ].join("\n");
}

function head({ shown: { told, first }, from, version }: Emitted): string[] {
  return [
    `${FOUND_BY}${version} (${from}), and made as small as it goes.`,
    `// What was seen: ${oneLine(told.says)}`,
    `// Expected: ${oneLine(told.expected)}. Got: ${oneLine(told.got)}.`,
    ...(isFirst({ told, first }) ? [] : [`// Before that, ${first.property} breaks: ${oneLine(first.says)}`]),
  ];
}

function isFirst({ told, first }: Shown): boolean {
  return told.property === first.property;
}

function judged(shown: Shown): string {
  return isFirst(shown) ? "{ first }" : "{ first, properties }";
}

// The claim that the test is about is asked first; the others must hold all the same.
function expected(shown: Shown): string[] {
  if (isFirst(shown)) return [`  expect(first?.says ?? "every claim holds").toBe("every claim holds");`];
  return [
    `  const own = properties.find(({ property }) => property === ${JSON.stringify(shown.told.property)});`,
    `  expect((own?.witnesses[0] ?? first)?.says ?? "every claim holds").toBe("every claim holds");`,
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

function machineOf({ accused: { fsm, bug }, file }: Emitted): Making {
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
  if (fsm === null) {
    const why = `// The machine was given as a value, and nothing says where it stands: import it from there.`;
    return { imports: [], accused: [why, `import { machine } from "./machine.js";`, ``] };
  }
  const accused = [``, `const machine = await contestantFrom(${fromTheTest(fsm, file)});`, ``];
  return { imports: ["contestantFrom"], accused };
}

/** Whoever --fsm names in the current folder, as the test names him: it may be run from elsewhere. */
function fromTheTest(fsm: string, file = "here.test.ts"): string {
  const folder = dirname(resolve(file));
  if (kindOfSpec(fsm) === "module") return `${JSON.stringify(pathSeenFrom(folder, fsm))}, import.meta.url`;
  const above = pathSeenFrom(folder, ".");
  const base = above === "./" ? "import.meta.url" : `new URL(${JSON.stringify(`${above}/`)}, import.meta.url)`;
  return `${JSON.stringify(fsm)}, ${base}`;
}

function contestantOf(emitted: Emitted): Making {
  const { bug, fsm } = emitted.accused;
  if (bug === null || bug.livesIn === "fsm") {
    const { imports, accused } = machineOf(emitted);
    const imported = bug === null && (fsm === "reference" || fsm === null);
    const last = imported ? ["", `const accused = machine;`] : [`const accused = machine;`];
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
