// Writes docs/reference/properties.md from the catalogue of properties and the list of milestones: a page never says more or
// less than the code. `npx vitest run scripts/properties-doc.test.ts -u` writes it; without `-u` the test says whether it is fresh.
import { catalogue } from "../src/checker/catalogue.js";
import { judgeMilestones } from "../src/checker/milestones.js";
import type { Property } from "../src/checker/property.js";

const HEAD = `<!-- Written by scripts/properties-doc.ts. Do not edit: \`npx vitest run scripts/properties-doc.test.ts -u\` -->

# Properties

What the judge checks, by name. Names are part of the interface: reports, \`--known\` files and the zoo use them. Each property
counts what it judged; a run in which one never had anything to judge says so, and why. A verdict is _holds_, _broken_ (with a
witness: the smallest part of the trace that shows it, by line numbers), _undecided_ (which budget ran out) or _not judged_ (what
was missing).

_always_ and _never_ are judged wherever they apply; _eventually_ is judged when the run ends.
`;

const MILESTONES = `
## Milestones

"Sometimes" claims: states of the machine's life that the judge sees in its model. A trial that never came by one of them has
proved nothing about it. They are counted, never judged; the simulated world counts others of its own.
`;

/** The page's Markdown. */
export function propertiesPage(): string {
  const rooms = new Map<string, Property[]>();
  for (const property of catalogue) {
    const room = property.name.slice(0, property.name.indexOf("/"));
    rooms.set(room, [...(rooms.get(room) ?? []), property]);
  }
  const parts = [...rooms].map(([room, properties]) => `\n## ${room}\n${properties.map(entry).join("")}`);
  return `${HEAD}${parts.join("")}${MILESTONES}\n${judgeMilestones.map((name) => `- ${name}\n`).join("")}`;
}

function entry({ name, mode, claim, section, judgement, witness }: Property): string {
  return `
### ${name}

${claim} (_${mode}_)

- Specification: ${section}
- One judgement: ${judgement}
- A witness: ${witness}
`;
}
