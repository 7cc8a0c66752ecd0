// What a user brings of his own to a trial: kinds of service with their models and workloads, faults, properties. Joined here
// with what is built in, whether it comes from a test or from a module that `--fsm` names. Knows no particular one.
import { UsageError } from "../base/usage-error.js";
import { models as builtInModels } from "../checker/models/registry.js";
import type { ModelRegistry, ServiceKindModel } from "../checker/models/service.js";
import type { OwnProperty } from "../checker/own-property.js";
import { reference } from "../fsm/reference.js";
import { registry } from "../fsm/services/registry.js";
import type { Service } from "../fsm/services/service.js";
import { type PartDefinition, servicePart } from "../fsm/services/own-service.js";
import { createMachine, type MachineParts, referenceParts } from "../fsm/session-machine.js";
import type { MachineKind } from "../protocol/machine.js";
import { SERVICE_KINDS } from "../protocol/operations.js";
import { faultNamed } from "../sim/faults/registry.js";
import type { Plan } from "../sim/plan.js";
import type { FaultKind, Scenario, Workload, Workloads } from "../sim/scenario.js";
import type { Contestant } from "./contestant.js";

/** A kind of service of a user's own, seen from all sides. */
export interface OwnService {
  /** The name that ServiceSpec.service has. */
  readonly kind: string;
  /** What stands trial: the part for `createMachine`. Absent where the machine on trial is made otherwise. */
  readonly part?: Service<unknown>;
  /** What the judge knows of it. Without it nobody judges its answers. */
  readonly model?: ServiceKindModel;
  /** What clients do with it. Without it only a scenario can say so. */
  readonly workload?: Workload;
}

/** What a user brings beside what is built in. A module that `--fsm` names may export each of these. */
export interface Own {
  readonly services?: readonly OwnService[];
  /** By kind of service, for machines that are not put together from `services`. */
  readonly models?: ModelRegistry;
  /** By kind of service. */
  readonly workloads?: Workloads;
  readonly faults?: readonly FaultKind[];
  readonly properties?: readonly OwnProperty[];
}

/** What makes a kind of service. */
export interface ServiceDefinition<State> {
  readonly kind: string;
  readonly machine?: PartDefinition<State>;
  readonly model?: ServiceKindModel;
  readonly workload?: Workload;
}

/**
 * A kind of service: what stands trial, what the judge knows of it, what clients do with it.
 *
 *     export const quota = defineService({ kind: "quota", machine, model, workload });
 *     export default referenceWith(quota);
 */
export function defineService<State>({ kind, machine, ...others }: ServiceDefinition<State>): OwnService {
  if (!/^[a-z][a-z0-9-]*$/.test(kind)) {
    throw new UsageError(`the kind of service "${kind}"`, "Use lower-case words with hyphens: rate-limit.");
  }
  return { kind, ...others, ...(machine && { part: servicePart(kind, machine) }) };
}

/** The reference machine with these services beside its own six, or in place of those of the same kind. */
export function referenceWith(...services: readonly OwnService[]): MachineKind {
  const all = new Map(registry);
  for (const { kind, part } of services) {
    if (part === undefined)
      throw new UsageError(`the service ${kind} has no machine`, "Give defineService a `machine`.");
    all.set(kind, part);
  }
  const parts: MachineParts = { ...referenceParts, registry: all };
  const name = `reference with ${services.map(({ kind }) => kind).join(", ")}`;
  const capabilities = { ...reference.capabilities, services: [...all.keys()] };
  return { name, capabilities, create: () => createMachine(parts) };
}

/** What a contestant has of it. */
export type OwnParts = Pick<Contestant, "models" | "workloads" | "faults" | "properties">;

/** A user's own, joined with the judge's models; empty where there is nothing. */
export function ownParts({ services = [], models, workloads, faults = [], properties = [] }: Own): OwnParts {
  unique("fault", faults);
  unique("property", properties);
  const modelled = services.flatMap(({ kind, model }) => (model === undefined ? [] : [[kind, model] as const]));
  const worked = services.flatMap(({ kind, workload }) => (workload === undefined ? [] : [[kind, workload] as const]));
  const noModels = models === undefined && modelled.length === 0;
  const noWorkloads = workloads === undefined && worked.length === 0;
  return {
    ...(!noModels && { models: { ...builtInModels, ...Object.fromEntries(modelled), ...models } }),
    ...(!noWorkloads && { workloads: { ...Object.fromEntries(worked), ...workloads } }),
    ...(faults.length > 0 && { faults }),
    ...(properties.length > 0 && { properties }),
  };
}

function unique(what: string, things: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of things) {
    if (names.has(name)) throw new UsageError(`there are two ${what} definitions with the name ${name}`);
    names.add(name);
  }
}

/** A shipped scenario knows nothing of a user's own, so all of it takes part: each kind of service, each fault by its chance. */
export function joinedBy(scenario: Scenario, { workloads = {}, faults = [] }: OwnParts): Scenario {
  const kinds = Object.keys(workloads).filter((kind) => !scenario.services.includes(kind));
  if (kinds.length === 0 && faults.length === 0) return scenario;
  const on = Object.fromEntries(faults.map(({ name, chance = OFTEN }) => [name, { chance }]));
  return { ...scenario, services: [...scenario.services, ...kinds], faults: { ...scenario.faults, ...on } };
}

const OFTEN = 300;

/** Throws a UsageError where the machine does not say that it serves what its user brings along: it would be judged as if it did not. */
export function mustServe({ name, capabilities }: MachineKind, { models = {}, workloads = {} }: OwnParts): void {
  const kinds = new Set([...Object.keys(models), ...Object.keys(workloads)]);
  const unsaid = [...kinds].filter((kind) => !isBuiltIn(kind) && !capabilities.services.includes(kind));
  if (unsaid.length === 0) return;
  throw new UsageError(
    `${name}: its capabilities do not name ${unsaid.join(", ")}`,
    `Add to its \`capabilities.services\`: [${unsaid.map((kind) => `"${kind}"`).join(", ")}].`,
  );
}

const isBuiltIn = (kind: string): boolean => (SERVICE_KINDS as readonly string[]).includes(kind);

/** What a user brings along, in words; "" where there is nothing. */
export function ownInWords({ models = {}, workloads = {}, faults = [], properties = [] }: OwnParts): string {
  const kinds = new Set([...Object.keys(models), ...Object.keys(workloads)]);
  return [
    ...said(
      "service",
      [...kinds].filter((kind) => !isBuiltIn(kind)),
    ),
    ...said("fault", named(faults)),
    ...said("property", named(properties)),
  ].join(", ");
}

const named = (things: readonly { readonly name: string }[]): string[] => things.map(({ name }) => name);

/** Throws a UsageError where a plan needs what nobody has defined: kinds of service, faults. */
export function mustKnow(contestant: Contestant, { services, faults }: Plan): void {
  const kinds = services.map(({ kind }) => kind);
  const names = faults.map(({ fault }) => fault);
  mustKnowAll(contestant, kinds, names);
}

/** The same of a scenario, before anything is drawn from it. */
export function mustKnowOf(contestant: Contestant, { services, faults }: Scenario): void {
  mustKnowAll(contestant, services, Object.keys(faults));
}

function mustKnowAll(contestant: Contestant, kinds: readonly string[], names: readonly string[]): void {
  const { machine, models = {}, faults } = contestant;
  const knows = (kind: string): boolean =>
    isBuiltIn(kind) || machine.capabilities.services.includes(kind) || Object.hasOwn(models, kind);
  const services = kinds.filter((kind) => !knows(kind));
  const unknown = names.filter((name) => faultNamed(name, faults) === undefined);
  if (services.length === 0 && unknown.length === 0) return;
  const lacks = [...said("service", services), ...said("fault", unknown)].join(" and ");
  throw new UsageError(
    `this run needs the ${lacks}, which ${machine.name} does not bring along`,
    "Name the module that defines it: --fsm ./machine.ts; in a test, give it to simulate.",
  );
}

function said(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what} ${[...new Set(names)].join(", ")}`];
}

/**
 * What a module of a user's exports of his own, looked through. Whatever is not what it should be is named, with what to
 * export instead. `path`: as the user named the module.
 */
export function ownIn(path: string, exported: Readonly<Record<string, unknown>>): Own {
  const { services, models, workloads, faults, properties } = exported;
  return {
    ...list<OwnService>(path, "services", services, "defineService", (one) => typeof one["kind"] === "string"),
    ...record<ModelRegistry>(path, "models", models, "defineModel", (one) => typeof one["create"] === "function"),
    ...record<Workloads>(path, "workloads", workloads, "defineWorkload", (one) => Array.isArray(one["operations"])),
    ...list<FaultKind>(path, "faults", faults, "defineFault", (one) => typeof one["draw"] === "function"),
    ...list<OwnProperty>(path, "properties", properties, "defineProperty", (one) => typeof one["watch"] === "function"),
  };
}

type Check = (one: Readonly<Record<string, unknown>>) => boolean;

function list<Item>(path: string, name: keyof Own, value: unknown, maker: string, fits: Check): Own {
  if (value === undefined) return {};
  if (Array.isArray(value) && value.every((one) => isObject(one) && fits(one))) return { [name]: value as Item[] };
  throw new UsageError(`${path}: its \`${name}\` are no list of what ${maker} makes`, `Export [${maker}({ … }), …].`);
}

function record<All>(path: string, name: keyof Own, value: unknown, maker: string, fits: Check): Own {
  if (value === undefined) return {};
  if (isObject(value) && Object.values(value).every((one) => isObject(one) && fits(one)))
    return { [name]: value as All };
  throw new UsageError(
    `${path}: its \`${name}\` are no record of what ${maker} makes`,
    `Export { kind: ${maker}({ … }) }, by kind of service.`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
