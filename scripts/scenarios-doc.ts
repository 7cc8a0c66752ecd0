// Writes docs/reference/scenarios.md from the scenarios that the package ships and from the fields that a scenario has.
// `npx vitest run scripts/reference-docs.test.ts -u` writes it; without `-u` the test says whether it is fresh.
import { scenarioFrom, scenarioNames } from "../src/explore/scenarios.js";
import type { Range, Scenario } from "../src/sim/scenario.js";

const HEAD = `<!-- Written by scripts/scenarios-doc.ts. Do not edit: \`npx vitest run scripts/reference-docs.test.ts -u\` -->

# Scenarios

What a seed may draw. \`npx multiraft-sim run <name>\` plays a shipped one, \`run ./mine.json\` one of
[your own](../how-to/own-scenario.md). Their files stand in \`scenarios/\` of the package.

| field | what it bounds |
| - | - |
| \`name\`, \`about\` | what it is called, and what it is for |
| \`from\` | a shipped scenario that this one begins from |
| \`seeds\` | how many seeds it wants where nobody says |
| \`services\` | the kinds of service that take part |
| \`topology.partitions\`, \`.replicas\` | numbers to choose from; one that stands twice is twice as likely |
| \`topology.clients\`, \`.servicesOfAKind\` | from and to |
| \`length.seconds\` | virtual time of one round of the safety phase |
| \`length.operations\` | operations of all clients in one round |
| \`length.entries\` | entries at least before the liveness phase begins |
| \`length.rounds\` | how often the safety phase is played, one after the other, on the same replicas |
| \`sessions.timeout\` | session time-outs, in milliseconds |
| \`sessions.even\` | of 1000 time-outs, how many are whole quarters of a second |
| \`workload\` | weights by \`kind:Operation\` or \`Operation\`, in the place of the built-in ones |
| \`own\` | operations of kinds that only the machine on trial knows, with payloads in base64 |
| \`faults\` | by [name](faults.md): \`chance\` of 1000 runs, and bounds \`with\` which it is drawn |
| \`rarely\` | milestones that it need not come by, though 500 seeds were tried |
| \`observe.perMille\`, \`.saves\` | of 1000 entries, after how many a replica is looked at, or saves its state |
`;

/** The page's Markdown. */
export function scenariosPage(): string {
  return `${HEAD}${scenarioNames()
    .map((name) => entry(scenarioFrom(name)))
    .join("")}`;
}

function entry({ name, about, seeds, services, topology, length, sessions, faults }: Scenario): string {
  const on = Object.entries(faults).filter(([, { chance }]) => chance > 0);
  const often = on.filter(([, { chance }]) => chance >= 700).map(([fault]) => fault);
  const rounds = length.rounds === 1 ? "" : `, ${length.rounds} times over`;
  return `
## ${name}

${about}

- Services: ${services.join(", ")}; ${range(topology.servicesOfAKind)} of a kind.
- ${distinct(topology.partitions)} partitions, ${distinct(topology.replicas)} replicas, ${range(topology.clients)} clients.
- ${range(length.seconds)} s of virtual time, ${range(length.operations)} operations${rounds}; ${length.entries} entries at least.
- Session time-outs of ${range(sessions.timeout)} ms.
- Faults: ${on.length === 0 ? "none" : `${on.length} kinds`}${often.length === 0 ? "" : `, in most runs ${often.join(", ")}`}.
${seeds === undefined ? "" : `- ${seeds} seeds where nobody says.\n`}`;
}

function range([from, to]: Range): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}

function distinct(numbers: readonly number[]): string {
  const all = [...new Set(numbers)].sort((a, b) => a - b);
  return all.length === 1 ? `${all[0] ?? 0}` : `${all.slice(0, -1).join(", ")} or ${all.at(-1) ?? 0}`;
}
