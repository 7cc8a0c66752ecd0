// What `--fsm` says, as a machine that can stand trial: `reference`, a module, or `exec:` and a command line. The reference
// machine is the caller's to give: this room does not know it.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../base/usage-error.js";
import type { MachineKind } from "../protocol/machine.js";
import { wordsOf } from "./command-line.js";
import { execMachine } from "./exec-machine.js";
import { moduleMachine } from "./module-machine.js";
import { EXEC, kindOfSpec } from "./spec.js";

/** How a machine is to be loaded. */
export interface LoadOptions {
  /** What `reference` stands for. */
  readonly reference: MachineKind;
  /** The folder that paths and the command start from; the process's own without. */
  readonly folder?: string;
  /** Which of several workers loads it, from 0. A machine in another process then takes that worker's core, no other. */
  readonly job?: number;
  /** How long a machine in another process may take for an answer, in milliseconds. Without: 5 seconds. */
  readonly answerWithin?: number;
  /** How long it may take to say hello, in milliseconds. Without: 30 seconds. */
  readonly startWithin?: number;
}

/** A machine, and what is to be done when it is not needed any more. */
export interface LoadedMachine {
  readonly kind: MachineKind;
  /** What its module exports beside it; nothing where it is none. */
  readonly exported: Readonly<Record<string, unknown>>;
  /** Ends its process, where it has one. May be called twice. */
  close(): void;
}

// Well below the patience of whoever explores seeds with several workers.
const ANSWER_WITHIN = 5_000;
const START_WITHIN = 30_000;

/** Throws a UsageError where `spec` says nothing that can be loaded, an UnfitError where what it says can't stand trial. */
export async function machineFrom(spec: string, options: LoadOptions): Promise<LoadedMachine> {
  const kind = kindOfSpec(spec);
  if (kind === "reference") return { kind: options.reference, exported: {}, close: () => undefined };
  if (kind === "process") return processMachine(spec, options);
  if (kind === "module") {
    return { ...(await moduleMachine(spec, options.folder ?? process.cwd())), close: () => undefined };
  }
  throw new UsageError(
    `--fsm ${spec} names no machine`,
    meant(spec, options.folder ?? process.cwd()) ??
      "It is `reference`, a module (./my-fsm.ts or .js), or `exec:` and a command line.",
  );
}

/** A module that lies where `spec` says, but for its ending. */
function meant(spec: string, folder: string): string | undefined {
  const ending = [".ts", ".js", ".mts", ".mjs"].find((each) => existsSync(resolve(folder, `${spec}${each}`)));
  if (ending === undefined) return undefined;
  return `Did you mean ${/^[./]/.test(spec) ? "" : "./"}${spec}${ending}?`;
}

function processMachine(spec: string, options: LoadOptions): LoadedMachine {
  const command = wordsOf(spec.slice(EXEC.length));
  if (command.length === 0) throw new UsageError("--fsm exec: names no program", "Write it behind the colon.");
  const kind = execMachine(spec, {
    command,
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    ...(options.job === undefined ? {} : { job: options.job }),
    answerWithin: options.answerWithin ?? ANSWER_WITHIN,
    startWithin: options.startWithin ?? START_WITHIN,
  });
  return { kind, exported: {}, close: () => kind.close() };
}
