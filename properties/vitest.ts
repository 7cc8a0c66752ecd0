// What "multiraft-sim/vitest" is: `import "multiraft-sim/vitest";` in a test or a setup file gives vitest's `expect` the
// matchers, and their types to whoever writes tests. Nothing else of the package needs vitest.
import { expect } from "vitest";
import { type Judged, matchers } from "../src/index.js";

expect.extend(matchers);

declare module "vitest" {
  interface Matchers<T> {
    /** No claim is broken; with a name: not that property's. Of a judgement, or of what has one: what simulate() gives. */
    toHold: T extends Judged ? (property?: string) => void : never;
    /** The property had something to judge: without that, holding means nothing. */
    toHaveJudged: T extends Judged ? (property: string) => void : never;
  }
}
