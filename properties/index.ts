// What "multiraft-sim/fast-check" is: arbitraries of scenarios, and the wrapper that reports the first broken run made small.
export { faults, scenarios, seeds, services, workloads } from "./arbitraries.js";
export { everyRunHolds, type RunsOptions } from "./every-run-holds.js";
