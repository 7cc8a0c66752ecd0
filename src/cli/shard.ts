// Which share of the seeds is this process's: what --shard says, else what the build server or the cluster says in the
// environment of a job that is one of several.
import { UsageError } from "../base/usage-error.js";
import { parseShard, type SeedRange } from "../explore/seeds.js";

export interface AskedShard {
  readonly shard: SeedRange["shard"];
  /** The variables that said it; absent: the option did, or nobody. */
  readonly from?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const HOW = "--shard i/n says it itself; --shard 1/1 takes all the seeds.";

/**
 * The share that is asked for. CI_NODE_INDEX counts from 1, as GitLab has it; JOB_COMPLETION_INDEX, which Kubernetes gives
 * the pods of an Indexed Job, from 0. CI_NODE_TOTAL says how many there are, for both.
 */
export function shardFrom(option: string | undefined, environment: Environment): AskedShard {
  if (option !== undefined) return { shard: parseShard(option) };
  const name = ["CI_NODE_INDEX", "JOB_COMPLETION_INDEX"].find((each) => given(environment, each) !== undefined);
  if (name === undefined) return { shard: { index: 1, of: 1 } };
  const index = number(environment, name);
  if (given(environment, "CI_NODE_TOTAL") === undefined) {
    throw new UsageError(`${name} is ${index}, but CI_NODE_TOTAL does not say of how many`, HOW);
  }
  const of = number(environment, "CI_NODE_TOTAL");
  const from = `${name} and CI_NODE_TOTAL`;
  const nth = name === "CI_NODE_INDEX" ? index : index + 1;
  if (nth < 1 || nth > of)
    throw new UsageError(`${name} is ${index} and CI_NODE_TOTAL is ${of}: that is no share`, HOW);
  return of === 1 ? { shard: { index: 1, of: 1 } } : { shard: { index: nth, of }, from };
}

function given(environment: Environment, name: string): string | undefined {
  const text = environment[name];
  return text === "" ? undefined : text;
}

function number(environment: Environment, name: string): number {
  const text = given(environment, name) ?? "";
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${name} is "${text}", which is no number`, HOW);
}
