// One commit, one verdict: fast-check draws from the same seed in every run of the tests, so that a change is what turns them red.
// FAST_CHECK_SEED=random (or a number) looks elsewhere; what fails there prints seed and path, which reproduce it.
import fc from "fast-check";

const DEFAULT_SEED = 20_000_101;
const asked = process.env["FAST_CHECK_SEED"];

if (asked !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked ?? DEFAULT_SEED) });
