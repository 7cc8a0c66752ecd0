// The library's face: what users of the package import. Everything here is a promise; everything else may move.
import type { Judgement } from "./checker/verdict.js";
import { type Contestant, plainContestant } from "./explore/contestant.js";
import { version } from "./explore/package.js";
import { installTraps } from "./explore/traps.js";
import { recordTrial, runTrial, trialOf } from "./explore/trial.js";
import type { MachineKind } from "./protocol/machine.js";
import { mustServe, type Own, ownParts } from "./explore/own.js";
import type { Scenario } from "./sim/scenario.js";
import type { Played, PlayOptions } from "./sim/world.js";
import type { Trace } from "./trace/file.js";

export { interview, type Answered, type Interview } from "./adapter/conformance.js";
export { type LoadedMachine, type LoadOptions, machineFrom } from "./adapter/load.js";
export { UsageError } from "./base/usage-error.js";
export { Micros, Nanos } from "./base/time.js";
export { catalogue } from "./checker/catalogue.js";
export { createJudge, type Judge, type JudgeOptions } from "./checker/judge.js";
export {
  answered,
  defineModel,
  type ModelDefinition,
  type Moment,
  type Move,
  type OpenCommand,
  refused,
} from "./checker/models/own-model.js";
export type { Asked, Sequential, Told } from "./checker/models/own-sequential.js";
export { models } from "./checker/models/registry.js";
export type {
  Answered as ModelAnswer,
  Caller,
  DataDifference,
  DataFacts,
  ModelRegistry,
  Outcome as ModelOutcome,
  ServiceKindModel,
  ServiceModel,
  Surroundings,
} from "./checker/models/service.js";
export {
  type Breach,
  defineProperty,
  type Findings,
  type OwnProperty,
  type PropertyDefinition,
  type ServiceReading,
  type StateReading,
  type Watch,
} from "./checker/own-property.js";
export { fingerprint, type Judgement, type PropertyResult, type Verdict, type Witness } from "./checker/verdict.js";
export { castOf, type Contestant, plainContestant } from "./explore/contestant.js";
export { contestantFrom } from "./explore/load-contestant.js";
export {
  defineService,
  type Own,
  ownParts,
  type OwnService,
  referenceWith,
  type ServiceDefinition,
} from "./explore/own.js";
export { defineScenario, scenarioFrom, scenarioNames, type ScenarioDraft } from "./explore/scenarios.js";
export { reference } from "./fsm/reference.js";
export type { PartDefinition, PartLoading } from "./fsm/services/own-service.js";
export { registry as services, registryOf } from "./fsm/services/registry.js";
export {
  type At,
  type Call,
  done,
  type Loading,
  opened,
  operation,
  type Operation,
  type Outcome,
  refuse,
  type Service,
  WAITING,
} from "./fsm/services/service.js";
export { createMachine, type MachineParts, referenceParts } from "./fsm/session-machine.js";
export { noPayload, plain } from "./protocol/codec.js";
export { decodeEntry, makeEntry } from "./protocol/entry.js";
export { type Failure, failure, Status } from "./protocol/failure.js";
export { MachineBroke, UnfitError } from "./protocol/machine-errors.js";
export type {
  Answer,
  Applied,
  Capabilities,
  Emission,
  Entry,
  MachineKind,
  QueryAnswer,
  Reply,
  Restored,
  StateMachine,
} from "./protocol/machine.js";
export { CommandNum, LogIndex, OutputNum, ServiceId, SessionId } from "./protocol/words.js";
export { replayAsLog, type ReplayedLog } from "./replay/as-log.js";
export { judgementOf, type Replayed, replayAsWorld } from "./replay/as-world.js";
export { lineInWords } from "./replay/words.js";
export { SessionDirectory } from "./runtime/directory.js";
export { createSessionListener, type SessionListener } from "./runtime/listener.js";
export { type RegistryParts, registryParts } from "./runtime/states.js";
export { registryTape } from "./runtime/tape.js";
export { judgeLog } from "./shrink/log-play.js";
export type { EntryStep, KeepAliveWords, LogStep, QueryStep, RefusalStep, RestartStep } from "./shrink/log-steps.js";
export type { PayloadWords } from "./shrink/payload-words.js";
export { type Judged, type Matched, matchers } from "./shrink/matchers.js";
export { judgePlan } from "./shrink/plan-play.js";
export { shrink, Shrinker, type ShrinkOptions, type ShrinkProgress, type Shrunk } from "./shrink/shrinker.js";
export type { Size } from "./shrink/size.js";
export { type Smallest, smallestOf, targetOf, testOf } from "./shrink/smallest.js";
export type { Failing, Target } from "./shrink/target.js";
export { type Plan, readPlan } from "./sim/plan.js";
export type { Drawn, Fate, FaultKind, Parameter } from "./sim/faults/fault.js";
export { lasting, PER_MILLE, striking, type Target as FaultTarget } from "./sim/faults/instances.js";
export { defineFault, type FaultDefinition } from "./sim/faults/own-fault.js";
export { defineWorkload, type OperationDefinition, type WorkloadDefinition } from "./sim/own-workload.js";
export { below, between, type Dice, happens, Lane } from "./sim/random.js";
export { draw, type Repertoire, type Scenario, type Workload, type Workloads } from "./sim/scenario.js";
export type { World } from "./sim/world-view.js";
export { type Cast, play, type Played, type PlayOptions, type WorldParts, worldParts } from "./sim/world.js";
export { type Difference, firstDifference } from "./trace/diff.js";
export { digestOf } from "./trace/digest.js";
export { linesOf, loadTrace, readTrace, saveTrace, type Trace, writeTrace } from "./trace/file.js";
export type { EventLine, HeaderLine, Line } from "./trace/line.js";
export type { FilmOptions } from "./view/film-of.js";
export { pictureOf } from "./view/page.js";

/** What one simulated run came to. */
export interface Simulation {
  readonly judgement: Judgement;
  readonly played: Played;
  /** Of the run's lines. The same seed gives the same digest. */
  readonly digest: string;
  /** Plays the run again and keeps its lines; with a shadow replica that is observed at every entry, unless told otherwise. */
  record(options?: PlayOptions): Trace;
}

/**
 * Draws a run from a seed, plays it on a machine and judges it. `own`: services, models, workloads, faults and properties of
 * your own, which take part as far as the scenario names them.
 *
 *     const { judgement } = simulate(scenarioFrom("default"), myMachine, 7n);
 *     expect(judgement.first).toBeNull();
 */
export function simulate(scenario: Scenario, machine: MachineKind | Contestant, seed = 0n, own: Own = {}): Simulation {
  installTraps();
  const parts = ownParts(own);
  const contestant = { ...("create" in machine ? plainContestant(machine) : machine), ...parts };
  mustServe(contestant.machine, parts);
  const { judgement, played, digest } = runTrial(scenario, seed, contestant, version());
  const record = (options: PlayOptions = { shadow: true }): Trace =>
    recordTrial(trialOf(scenario, seed, contestant, version()), options).trace;
  return { judgement, played, digest, record };
}
