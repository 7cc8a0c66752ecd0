// The 82 histories of testdata/histories: every verdict as it is known, every order and every contradiction checked.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readJepsenEtcd } from "../history-formats/jepsen-etcd.js";
import { readJsonLines } from "../history-formats/json-lines.js";
import { readPorcupineKv } from "../history-formats/porcupine-kv.js";
import { check } from "./check.js";
import type { Operation } from "./history.js";
import { operationsOf } from "./history.js";
import type { Model } from "./model.js";
import { counter } from "./models/counter.js";
import { kv } from "./models/kv.js";
import { queue } from "./models/queue.js";
import { casRegister } from "./models/register.js";
import { replay } from "./oracle/replay.js";
import { wingGong } from "./oracle/wing-gong.js";

const home = new URL("../../../testdata/histories/", import.meta.url);
const verdicts = JSON.parse(readFileSync(new URL("verdicts.json", home), "utf8")) as Record<
  string,
  { readonly model: string; readonly linearizable: boolean }
>;

/** Judges by the model of that name; what is wrong with the answer, or null. */
function judge(model: string, operations: readonly Operation[], linearizable: boolean): string | null {
  switch (model) {
    case "cas-register":
      return judgeBy(casRegister, operations, linearizable);
    case "kv":
      return judgeBy(kv, operations, linearizable);
    case "counter":
      return judgeBy(counter, operations, linearizable);
    default:
      return judgeBy(queue, operations, linearizable);
  }
}

function judgeBy<State, Input, Output>(
  model: Model<State, Input, Output>,
  untyped: readonly Operation[],
  linearizable: boolean,
): string | null {
  const operations = untyped as readonly Operation<Input, Output>[];
  const answer = check(model, operations);
  if (answer.verdict === "linearizable") return linearizable ? replay(model, operations, answer.order) : "found legal";
  if (answer.verdict === "undecided" || linearizable) return answer.verdict;
  return contradiction(model, operations, answer.explanation.minimal);
}

// The smallest contradiction, judged alone by the plain search, is one.
function contradiction<State, Input, Output>(
  model: Model<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  minimal: readonly number[],
): string | null {
  sizes.push(minimal.length);
  const part = minimal.map((place) => operations[place] as Operation<Input, Output>);
  return wingGong(model, part).linearizable === false ? null : `${minimal.join()} do not contradict each other`;
}

const sizes: number[] = [];

describe("a recorded history has the verdict that is known of it", () => {
  for (const [file, { model, linearizable }] of Object.entries(verdicts)) {
    test(
      file,
      () => {
        const text = readFileSync(new URL(file, home), "utf8");
        const events = file.endsWith(".log")
          ? readJepsenEtcd(text)
          : file.endsWith(".jsonl")
            ? readJsonLines(text)
            : readPorcupineKv(text);
        expect(judge(model, operationsOf(events), linearizable)).toBeNull();
      },
      120_000,
    );
  }

  test("nine of ten contradictions hold ten operations or fewer", () => {
    expect(sizes.filter((size) => size <= 10).length).toBeGreaterThanOrEqual(0.9 * sizes.length);
  });
});
