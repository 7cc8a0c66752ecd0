// Writes docs/reference/faults.md from the registry of faults: a page never says more or less than the code.
// `npx vitest run scripts/reference-docs.test.ts -u` writes it; without `-u` the test says whether it is fresh.
import type { FaultKind, Parameter } from "../src/sim/faults/fault.js";
import { FAULTS } from "../src/sim/faults/registry.js";

const HEAD = `<!-- Written by scripts/faults-doc.ts. Do not edit: \`npx vitest run scripts/reference-docs.test.ts -u\` -->

# Faults

Everything that the world does to a run beside what clients ask for. A scenario says by \`chance\` in how many of a thousand runs
each is on, and may narrow its parameters: \`"message-loss": { "chance": 250, "with": { "perMille": [20, 100] } }\`. Names are part of
the interface. In a run's header stands what was drawn; in the report how often each struck, also those that never did, with 0.

Parameters are whole numbers, drawn anew for each window or strike, both ends included. _Windows_ are spans of the safety phase;
in the liveness phase no fault is on ([why](../explanation/liveness.md)). [A fault of your own](../how-to/own-fault.md) is written in
the same way.
`;

/** The page's Markdown. */
export function faultsPage(): string {
  return `${HEAD}${FAULTS.map(entry).join("")}`;
}

function entry({ name, models, counts, parameters, patient }: FaultKind): string {
  const rows = Object.entries(parameters).map(row);
  const table =
    rows.length === 0
      ? NO_PARAMETERS
      : `| parameter | what it is | from | to | unit |\n| - | - | - | - | - |\n${rows.join("")}`;
  const waits =
    patient === true
      ? "\n- Strikes only once the run has the entries that its scenario asks for: after it there may be no more.\n"
      : "\n";
  return `
## ${name}

- Models: ${models}.
- Counted: ${counts}.${waits}
${table}`;
}

const NO_PARAMETERS = "No parameters: it stands in the plan as the ends and beginnings of a client's lives.\n";

function row([name, { about, unit, range }]: readonly [string, Parameter]): string {
  return `| \`${name}\` | ${about} | ${range[0]} | ${range[1]} | ${unit} |\n`;
}
