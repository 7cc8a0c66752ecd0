// The interview: every question that makes sense for a machine is put to a replica of its own, as new. Nothing here simulates;
// a machine that answers these can be simulated, and one that does not would fail every seed for the same reason.
import type { Capabilities, MachineKind } from "../protocol/machine.js";
import { collectionQuestions } from "./conformance/collections.js";
import { commandQuestions } from "./conformance/commands.js";
import { lockAndElectionQuestions } from "./conformance/locks-and-elections.js";
import type { Answered, Need, Question } from "./conformance/question.js";
import { serviceQuestions } from "./conformance/services.js";
import { sessionQuestions } from "./conformance/sessions.js";
import { snapshotQuestions } from "./conformance/snapshots.js";
import { Subject } from "./conformance/subject.js";

export type { Answered } from "./conformance/question.js";

/** What came of an interview: every question, and how it was answered. */
export interface Interview {
  readonly machine: string;
  readonly questions: readonly Answered[];
  /** What makes no sense for this machine, and why: it said itself that it lacks something. */
  readonly notAsked: readonly { readonly section: string; readonly asked: string; readonly lacks: string }[];
}

const ALL: readonly Question[] = [
  ...sessionQuestions,
  ...commandQuestions,
  ...serviceQuestions,
  ...collectionQuestions,
  ...lockAndElectionQuestions,
  ...snapshotQuestions,
];

/** Puts every question to the machine. Throws only what is wrong with this program. */
export function interview(kind: MachineKind): Interview {
  const questions: Answered[] = [];
  const notAsked: Interview["notAsked"][number][] = [];
  kind.begin?.();
  for (const question of ALL) {
    const { section, asked, expected, hint, needs } = question;
    const lacks = needs.find((need) => !has(kind.capabilities, need));
    if (lacks !== undefined) {
      notAsked.push({ section, asked, lacks: inWords(lacks) });
      continue;
    }
    const got = answerTo(kind, question);
    const passed = got === expected;
    questions.push({ section, asked, expected, got, passed, hint: passed ? "" : hint });
  }
  return { machine: kind.name, questions, notAsked };
}

function answerTo(kind: MachineKind, question: Question): string {
  try {
    return question.ask(new Subject(kind));
  } catch (error) {
    // Whatever a machine throws is its answer, and the next question gets a machine as new.
    return `it threw: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function has({ services, snapshots }: Capabilities, need: Need): boolean {
  if (need === "canonical") return snapshots === "canonical";
  if (need === "readable") return snapshots !== "opaque";
  return services.includes(need);
}

function inWords(lack: Need): string {
  return lack === "canonical" || lack === "readable" ? `${lack} snapshots` : `the service ${lack}`;
}
