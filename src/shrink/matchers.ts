// Matchers for vitest (and jest): what a run came to, as an assertion that says what was seen.
//     import "multiraft-sim/vitest"; expect(simulate(scenario, machine, 7n)).toHold();
import type { Judgement } from "../checker/verdict.js";

/** What a matcher answers. */
export interface Matched {
  readonly pass: boolean;
  message(): string;
}

/** A judgement, or something that has one: what simulate() gives. */
export type Judged = Judgement | { readonly judgement: Judgement };

/** For `expect.extend`, where `import "multiraft-sim/vitest"` does not do it: it registers them and has their types. */
export const matchers = {
  /** No claim is broken; with a name: not that property's. */
  toHold(judged: Judged, property?: string): Matched {
    const judgement = "judgement" in judged ? judged.judgement : judged;
    const broken = judgement.properties.filter((each) => each.broken > 0 && property === undefined);
    const asked = judgement.properties.filter((each) => each.property === property);
    if (property !== undefined && asked.length === 0) {
      return { pass: false, message: () => `there is no property ${property}` };
    }
    const failing = [...asked.filter((each) => each.broken > 0), ...broken];
    const first = property === undefined ? judgement.first : (asked[0]?.witnesses[0] ?? null);
    const what = property ?? "some claim";
    if (failing.length === 0) {
      return { pass: true, message: () => `expected ${what} to be broken, and all that was judged holds` };
    }
    const names = failing.map((each) => each.property).join(", ");
    const says = first === null ? "" : `\n${first.property}: ${first.says}`;
    return { pass: false, message: () => `expected every claim to hold; broken: ${names}${says}` };
  },
  /** The property had something to judge: without that, holding means nothing. */
  toHaveJudged(judged: Judged, property: string): Matched {
    const judgement = "judgement" in judged ? judged.judgement : judged;
    const found = judgement.properties.find((each) => each.property === property);
    const pass = (found?.judged ?? 0) > 0;
    const why = found === undefined ? "there is no such property" : (found.reason ?? "");
    return {
      pass,
      message: () => `expected ${property} to ${pass ? "judge nothing" : `have judged something: ${why}`}`,
    };
  },
};
