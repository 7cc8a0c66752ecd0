// What the tools beside the trials cost: the search for a legal order, the shrinker, the start of the command.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bugNamed } from "../bugs/index.js";
import { check } from "../src/checker/linearizability/check.js";
import type { Operation } from "../src/checker/linearizability/history.js";
import type { Answer } from "../src/checker/linearizability/answer.js";
import type { Model } from "../src/checker/linearizability/model.js";
import { casRegister } from "../src/checker/linearizability/models/register.js";
import { Draws, generate } from "../src/checker/linearizability/oracle/generate.js";
import { registers } from "../src/checker/linearizability/oracle/subjects.js";
import { plainContestant } from "../src/explore/contestant.js";
import { huntDown } from "../src/explore/hunt.js";
import { packageRoot, version } from "../src/explore/package.js";
import { scenarioFrom } from "../src/explore/scenarios.js";
import { trialOf } from "../src/explore/trial.js";
import { reference } from "../src/fsm/reference.js";
import { shrinkCatch } from "../src/shrink/catch.js";
import { type Figure, figureOf, measured, milliseconds } from "./figure.js";

/** The checker: histories of a register that clients compare and set at once. */
export function checkerFigures(): Figure[] {
  return [1000, 10_000].map((operations) => {
    const shape = { clients: 10, operations, unknown: 0, failed: 0, lies: 0, eager: 30 };
    const history: readonly Operation[] = generate(registers(5, true), shape, new Draws(1));
    return measured(`checker: cas-register, 10 clients, ${operations} operations`, "ms", () =>
      milliseconds(() => {
        const { verdict } = checked(casRegister, history);
        if (verdict !== "linearizable") throw new Error(`a history that is legal was called ${verdict}`);
      }),
    );
  });
}

// What was drawn for a model is of that model's types.
function checked<State, Input, Output>(model: Model<State, Input, Output>, history: readonly Operation[]): Answer {
  return check(model, history as readonly Operation<Input, Output>[]);
}

const SHRUNK = "purge-forgets";
const SEEDS = 100;

/** The shrinker: from the first seed that catches a bug to the smallest plan. */
export function shrinkerFigures(): Figure[] {
  const bug = bugNamed(SHRUNK);
  if (bug?.machine === undefined) throw new Error(`the zoo has no bug ${SHRUNK}`);
  const scenario = scenarioFrom("default");
  const contestant = { ...plainContestant(reference), bug: bug.name, machine: bug.machine };
  const quarry = { contestant, caughtBy: bug.caughtBy, scenario, version: version() };
  const { caught } = huntDown(quarry, { bug: bug.name, from: 0n, seeds: SEEDS }, () => undefined);
  if (caught === null) throw new Error(`${SHRUNK} got away on ${SEEDS} seeds`);
  const { plan } = trialOf(scenario, caught.seed, contestant, version());
  let plays = 0;
  const shrinkIt = (): number => {
    plays = 0;
    return milliseconds(() => {
      shrinkCatch({ contestant, plan, by: caught.by }, () => {
        plays++;
        return false;
      });
    });
  };
  const time = measured(`shrinker: a catch of ${SHRUNK} to its smallest plan`, "ms", shrinkIt, 3);
  return [time, figureOf("shrinker: plays", "1", [plays])];
}

/** The start of the command. */
export function startUpFigures(): Figure[] {
  const main = join(packageRoot, "dist", "src", "cli", "main.js");
  const start = (...args: string[]): (() => number) => {
    return () => milliseconds(() => void spawnSync(process.execPath, [main, ...args], { stdio: "ignore" }));
  };
  return [
    measured("start-up: --version", "ms", start("--version")),
    measured("start-up: run --help", "ms", start("run", "--help")),
    measured("start-up: node alone", "ms", () =>
      milliseconds(() => void spawnSync(process.execPath, ["-e", ""], { stdio: "ignore" })),
    ),
  ];
}
