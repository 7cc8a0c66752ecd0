// Claims about what a machine must not touch, and about playing twice. SPEC 2, 5.
import { always, never } from "../property.js";

export const ambient = never("determinism/ambient", {
  claim: "The machine touches no wall clock, no randomness and no timer.",
  section: "2, 5",
  judgement: "one application while traps were set",
  witness: "the line that says what was touched",
});

/** Judged by playing twice, outside a single run: whoever plays hands the result in. */
export const sameSeed = always("determinism/same-seed", {
  claim: "The same seed gives the same trace, byte for byte, again in this process, in another, and on another Node.",
  section: "5",
  judgement: "one seed that was played again",
  witness: "the first line that differs",
});
