// One difference between what a machine did and what the model says.
import type { Step } from "./models/step.js";

export interface AnswerDifference {
  readonly step: Step;
}
export interface StateDifference {
  readonly kind: string;
}
