// The judge's model for whoever goes through many histories that begin alike: an entry forth, an entry back, and whether what
// a machine answered, or shows of its state, is what the model expects. It says yes or no; why not, the judge says (judge.ts),
// who is given the lines of that one history.
import { finish, fold } from "../base/hash.js";
import type { CommandInput, QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { Applied, Capabilities, QueryAnswer } from "../protocol/machine.js";
import { codecOf, isAsExpected, judgeable, operationIsAsExpected, sameApplied } from "./answers.js";
import { operationOf } from "./enquiry.js";
import { models } from "./models/registry.js";
import type { ModelRegistry } from "./models/service.js";
import { PartitionModel } from "./models/sessions.js";
import type { CommandState, Step } from "./models/step.js";
import { disorderOf, readSavedState } from "./saved-state.js";
import { compareStates } from "./states.js";

export class Walk {
  readonly #model: PartitionModel;
  readonly #kinds: ModelRegistry;
  readonly #shown: "canonical" | "readable" | "opaque";

  constructor({ services, snapshots, observations }: Capabilities, kinds: ModelRegistry = models) {
    this.#kinds = kinds;
    this.#model = new PartitionModel(kinds, services);
    this.#shown = observations ?? snapshots;
  }

  /** The index of the last entry. */
  get index(): bigint {
    return this.#model.index;
  }

  /** Log time, in nanoseconds. */
  get time(): bigint {
    return this.#model.time;
  }

  /** The next entry. */
  forth(input: CommandInput | "undecodable"): Step {
    return this.#model.step(Number(this.#model.index) + 2, input);
  }

  /** The last entry was never there. */
  back(): void {
    this.#model.undo();
  }

  /** Whether a machine answered the last entry, which came to `step`, as it must. */
  answers(step: Step, applied: Applied): boolean {
    return isAsExpected(step, judgeable(applied, this.#model), this.#kinds);
  }

  /** Whether two machines answered alike. */
  alike(one: Applied, other: Applied): boolean {
    return sameApplied(judgeable(one, this.#model), judgeable(other, this.#model));
  }

  /** Whether a query is answered as it must be after the last entry. */
  tells(input: QueryInput, answer: QueryAnswer): boolean {
    const expected = this.#model.query(input);
    if (expected.kind === "anything") return true;
    if (expected.kind === "failure") return answer.kind === "failure" && answer.status === expected.status;
    const told = operationOf(answer);
    if (told === null) return false;
    const { output, service } = expected;
    const name = input.input?.value.input?.value.operation?.name ?? "";
    return operationIsAsExpected(output.status, output.payload, told, codecOf(service, name, output, this.#kinds));
  }

  /** Whether the state that a machine shows after the last entry is the model's, and in order where it is to be. */
  shows(bytes: Uint8Array): boolean {
    if (this.#shown === "opaque") return true;
    const saved = readSavedState(bytes);
    if (saved.kind === "unreadable") return false;
    const { differences, sameData } = compareStates(saved.state, this.index, this.#model, this.#kinds);
    if (differences.length > 0) return false;
    return this.#shown === "readable" || disorderOf(saved, this.#kinds, sameData, true) === null;
  }

  /** A hash, 32 bits, of all that the model's answers and state will depend on: equal for equal states, in whatever order they grew. */
  fingerprint(): number {
    const { time, sessions, services } = this.#model;
    let hash = folded(0x9747b28c, time);
    for (const { id, lastUpdated, mark, listed, commands } of sessions.values()) {
      let inner = folded(folded(folded(commands.size, id), lastUpdated), mark);
      for (const num of listed.keys()) inner = (inner + finish(folded(1, num))) | 0;
      for (const command of commands.values()) inner = (inner + commandHash(command)) | 0;
      hash = (hash + finish(inner)) | 0;
    }
    for (const { id, object, sessions: users } of services.values()) {
      let inner = foldedBytes(folded(users.size, id), object === null ? NOTHING : object.data());
      for (const user of users.keys()) inner = (inner + finish(folded(2, user))) | 0;
      hash = (hash + finish(inner)) | 0;
    }
    return hash;
  }
}

function commandHash({ num, open, produced, pending, input }: CommandState): number {
  let hash = folded(folded(open ? 3 : 4, num), produced);
  hash = foldedBytes(fold(hash, input.operation?.name.length ?? 0), input.operation?.payload ?? NOTHING);
  for (const output of pending.values()) {
    hash = (hash + finish(foldedBytes(folded(output.status, output.num), output.payload))) | 0;
  }
  return finish(hash);
}

const NOTHING = new Uint8Array(0);

function folded(hash: number, number: bigint): number {
  const small = Number(number);
  return fold(fold(hash, small | 0), (small / 0x1_0000_0000) | 0);
}

function foldedBytes(hash: number, bytes: Uint8Array): number {
  let folding = hash;
  for (let i = 0; i < bytes.length; i++) folding = fold(folding, bytes[i] as number);
  return folding;
}
