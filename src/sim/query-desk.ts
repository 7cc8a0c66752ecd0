// Where a replica answers queries: at once, when it has applied enough, or when the leader has made sure that it leads. Those
// that wait belong to the replica, not to its machine: an installed snapshot keeps them, a crash loses them. SPEC 2.7.
import type { QueryInput } from "../proto/atomix/multiraft/v1/fsm.js";
import type { QueryAnswer } from "../protocol/machine.js";
import { LogIndex } from "../protocol/words.js";
import { messageOf, type Message } from "./message.js";
import { addressOf, bitsAt, happens, Lane } from "./random.js";
import type { ReplicaHost } from "./replica.js";
import type { Stage } from "./stage.js";

/** A query as it reached the replica. */
export interface ArrivedQuery {
  /** The message's id; of a further copy of it, a name of its own. */
  readonly name: string;
  readonly input: QueryInput;
  readonly sync: boolean;
  /** Whom to answer. */
  readonly message: Message;
}

/** Of 1000 queries on replicas that are observed, how many are with a look before and after. */
const LOOKED_AT = 40;

export class QueryDesk {
  #parked: ArrivedQuery[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly host: ReplicaHost,
    private readonly key: number,
    private readonly looks: boolean,
  ) {}

  get waits(): boolean {
    return this.#parked.length > 0;
  }

  /** Answers it, or parks it. */
  take(query: ArrivedQuery): void {
    const { stage, host } = this;
    const { applied: index, appliedAt } = host.machine;
    const { partition, replica } = host;
    const { input, sync, name } = query;
    const ready = stage.parts.replica.mayAnswer(index, input);
    stage.emit({ e: "query", t: stage.now, partition, replica, query: name, sync, input, index, parked: !ready });
    if (ready) {
      if (host.log.last > appliedAt + 2) stage.reach("query answered by a lagging replica");
      this.#reply(query);
    } else {
      stage.reach("query parked");
      this.#parked.push(query);
    }
  }

  /** The leader has heard from a majority, or has not: it answers at its commit index, which raises the query's own. */
  confirm(query: ArrivedQuery): boolean {
    const { stage, host } = this;
    const leads = host.log.leads(host);
    if (!stage.parts.log.confirmsLead(leads)) {
      stage.reach("linearizable query refused by a deposed leader");
      return false;
    }
    const { input } = query;
    const known = LogIndex(BigInt(leads ? host.log.last : host.machine.appliedAt));
    const raised = input.maxReceivedIndex >= known ? input : { ...input, maxReceivedIndex: known };
    this.take({ ...query, input: raised });
    return true;
  }

  /** Something was applied: answers what waited for it, in this very step. */
  answerParked(): void {
    if (this.#parked.length === 0) return;
    const waiting: ArrivedQuery[] = [];
    const ready: ArrivedQuery[] = [];
    const { mayAnswer } = this.stage.parts.replica;
    const { applied } = this.host.machine;
    for (const query of this.#parked) (mayAnswer(applied, query.input) ? ready : waiting).push(query);
    this.#parked = waiting;
    for (const query of ready) this.#reply(query);
  }

  /** A snapshot was installed. */
  installed(): void {
    if (this.#parked.length === 0) return;
    this.stage.reach("query parked over an install");
    this.#parked = [...this.stage.parts.replica.keepsParked(this.#parked)];
    this.answerParked();
  }

  /** The replica crashed. */
  lose(): void {
    if (this.#parked.length > 0) this.stage.reach("query lost in a crash");
    this.#parked = [];
  }

  /** Asked by somebody beside the network. `name` is the query's stable id. Undefined where the machine broke. */
  askDirectly(name: string, input: QueryInput): QueryAnswer | undefined {
    const { stage, host } = this;
    const { partition, replica } = host;
    const { applied: index } = host.machine;
    if (host.machine.broken) return undefined;
    stage.emit({ e: "query", t: stage.now, partition, replica, query: name, sync: false, input, index, parked: false });
    return this.#answer(name, input, false) ?? undefined;
  }

  #reply({ name, message, input, sync }: ArrivedQuery): void {
    const answer = this.#answer(name, input, sync);
    if (answer === null) return;
    const { host } = this;
    const index = this.stage.parts.replica.carriedIndex(host.machine.applied);
    const body = { type: "answer", to: message, answer, index } as const;
    host.network.send(messageOf(`${name}/answer`, "reply", host, message.from, host.partition, "answer", body));
  }

  #answer(name: string, input: QueryInput, sync: boolean): QueryAnswer | null {
    const { machine } = this.host;
    if (machine.broken) return null;
    const { schedule } = this.stage;
    const looks =
      schedule?.queries.has(name) === true
        ? schedule.lookedQueries.has(name)
        : this.looks && happens(bitsAt(this.key, addressOf(name), Lane.observeQuery), LOOKED_AT);
    if (looks && !machine.observe("before-query")) return null;
    const answer = machine.query(name, sync, input);
    if (looks && answer !== null) machine.observe("after-query");
    return answer;
  }
}
