// One question of `bisect`, in a process and a folder of its own: what comes of a trace with the machine as it is there?
// Prints the fingerprint of the first broken claim, or that all hold. Ends as `git bisect run` wants it: 0 as the good
// commit, 1 otherwise, 125 where the machine can't be tried.
import { fingerprint } from "../checker/verdict.js";
import { installTraps } from "../explore/traps.js";
import { readPlan } from "../sim/plan.js";
import { loadTrace } from "../trace/file.js";

const ALL_HOLD = "every claim holds";
const UNTRIED = 125;

installTraps();
const [trace = "", fsm = "", good] = process.argv.slice(2);
try {
  const { groundsFor } = await import("./grounds.js");
  const { header } = loadTrace(trace, { salvage: true });
  const grounds = await groundsFor({ fsm, ...(header.bug === null ? {} : { bug: header.bug }) });
  const { first } = grounds.judge(readPlan(header.plan), {}).judgement;
  grounds.close();
  const result = first === null ? ALL_HOLD : fingerprint(first);
  process.stdout.write(`${result}\n`);
  process.exitCode = good === undefined || result === good ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = UNTRIED;
}
