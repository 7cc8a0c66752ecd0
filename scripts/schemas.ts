// Writes schemas/: JSON Schemas of scenarios, profiles and a project's settings, from the registries of faults, services and
// operations, for editors and other tools. The readers in src/ are the judges; schemas.test.ts says whether the files are fresh
// and agree with them.
import type { Command } from "commander";
import { OPERATIONS, SERVICE_KINDS } from "../src/protocol/operations.js";
import { FAULTS } from "../src/sim/faults/registry.js";

type Schema = Readonly<Record<string, unknown>>;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

function integer(minimum: number, maximum?: number): Schema {
  return { type: "integer", minimum, ...(maximum === undefined ? {} : { maximum }) };
}

function range(minimum: number, maximum?: number): Schema {
  return { type: "array", items: integer(minimum, maximum), minItems: 2, maxItems: 2, description: "from, to" };
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[], about?: string): Schema {
  return {
    type: "object",
    ...(about === undefined ? {} : { description: about }),
    properties,
    required,
    additionalProperties: false,
  };
}

function list(items: Schema): Schema {
  return { type: "array", items, minItems: 1 };
}

const text: Schema = { type: "string" };

export function scenarioSchema(): Schema {
  const faults = FAULTS.map(({ name, models, parameters }): [string, Schema] => {
    const bounds = Object.entries(parameters).map(
      ([
        parameter,
        {
          about,
          unit,
          range: [from, to],
        },
      ]): [string, Schema] => [
        parameter,
        { ...range(from, to), description: unit === "" ? about : `${about} (${unit})` },
      ],
    );
    const chance = { ...integer(0, 1000), description: "of 1000 runs, how many have it on" };
    return [name, object({ chance, with: object(Object.fromEntries(bounds), []) }, ["chance"], models)];
  });
  const names = Object.entries(OPERATIONS).flatMap(([kind, operations]) =>
    Object.keys(operations).map((operation) => `${kind}:${operation}`),
  );
  const weight = { ...integer(0, 1_000_000), description: "how likely, among the others on its service" };
  const properties = {
    $schema: text,
    from: { type: "string", description: "the scenario whose fields hold where this one has none" },
    name: text,
    about: text,
    seeds: { ...integer(1), description: "how many seeds it wants" },
    services: { ...list({ anyOf: [{ enum: SERVICE_KINDS }, text] }), description: "kinds that may take part" },
    topology: object(
      {
        partitions: list(integer(1, 16)),
        replicas: list(integer(1, 9)),
        clients: range(1, 64),
        servicesOfAKind: range(1, 16),
      },
      ["partitions", "replicas", "clients", "servicesOfAKind"],
    ),
    length: object(
      {
        seconds: { ...range(1, 86_400), description: "of virtual time, one round of the safety phase" },
        operations: { ...range(0, 100_000), description: "over all clients, in one round" },
        entries: { ...integer(0), description: "at least so many before the liveness phase" },
        rounds: integer(1),
      },
      ["seconds", "operations", "entries", "rounds"],
    ),
    sessions: object(
      {
        timeout: { ...range(100, 86_400_000), description: "milliseconds" },
        even: { ...integer(0, 1000), description: "of 1000 time-outs, how many are whole quarters of a second" },
      },
      ["timeout", "even"],
    ),
    workload: {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, weight])),
      additionalProperties: weight,
    },
    own: { type: "object", description: "how services of a kind of one's own are used, by kind" },
    faults: { type: "object", properties: Object.fromEntries(faults) },
    rarely: { type: "array", items: text, description: "milestones that some hundred seeds may well miss" },
    observe: object({ perMille: range(0, 1000), saves: range(0, 1000) }, ["perMille", "saves"]),
  };
  const required = ["name", "about", "services", "topology", "length", "sessions", "workload", "faults", "observe"];
  const whole = { anyOf: [{ required: ["from"] }, { required }] };
  return { $schema: DIALECT, title: "A scenario of multiraft-sim", ...object(properties, ["name"]), ...whole };
}

export function profileSchema(): Schema {
  return { $schema: DIALECT, title: "A profile of multiraft-sim", ...profile() };
}

function profile(): Schema {
  return object(
    {
      $schema: text,
      about: text,
      seeds: { ...integer(1), description: "how many" },
      for: {
        type: "string",
        pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$",
        description: "begin no new seeds after so long",
      },
      firstSeed: { type: ["string", "integer"], description: 'where they start; "random" draws one' },
    },
    [],
  );
}

/** `commands`: every command, with the options that its settings are named after. */
export function configSchema(commands: readonly Command[]): Schema {
  const settings = commands.map((command): [string, Schema] => {
    const options = command.options
      .filter(({ hidden, long }) => !hidden && long !== "--help")
      .map((option): [string, Schema] => {
        const type = option.isBoolean() || option.negate ? { type: "boolean" } : { type: ["string", "number"] };
        return [(option.long ?? "").replace(/^--(no-)?/, ""), { ...type, description: option.description }];
      });
    return [command.name(), { type: "object", properties: Object.fromEntries(options) }];
  });
  const properties = {
    $schema: text,
    fsm: { type: "string", description: "who stands trial, for every command that has --fsm" },
    profiles: { type: "object", additionalProperties: profile() },
    ...Object.fromEntries(settings),
  };
  return { $schema: DIALECT, title: "multiraft-sim.config.json", type: "object", properties };
}
