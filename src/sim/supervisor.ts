// The supervisor beside the registry: it never crashes, and where a client is dead or cut off it asks the machine, by a
// session query, whether the session still lives. What it learns it reports as "lost". SPEC 4.
import { Status } from "../protocol/failure.js";
import type { PartitionId } from "../trace/line.js";
import type { Actor } from "./agenda.js";
import type { ClientSession } from "./client-session.js";
import type { Log } from "./log.js";
import type { ReplicaHost } from "./replica.js";
import type { Stage } from "./stage.js";

interface Watch {
  readonly session: ClientSession;
  asked: number;
}

const LOOK = 0;
const NOTHING = new Uint8Array(0);

/** Which query a kind of service answers without arguments. */
const HARMLESS: Readonly<Record<string, string>> = { map: "Size", set: "Size", election: "GetTerm" };

export class Supervisor implements Actor<Watch> {
  constructor(
    private readonly stage: Stage,
    private readonly logs: ReadonlyMap<PartitionId, Log>,
  ) {}

  /** Looks after a session from its opening to its end. */
  watch(session: ClientSession): void {
    this.#lookLater({ session, asked: 0 });
  }

  wake(what: number, watch: Watch): void {
    const { session } = watch;
    if (what !== LOOK || session.state === "closed" || session.state === "lost") return;
    if (!reported(session)) return;
    const silent = this.stage.now - session.heardAt >= session.interval;
    if ((session.life.isOver || silent) && this.#foundLost(watch)) return;
    this.#lookLater(watch);
  }

  #lookLater(watch: Watch): void {
    this.stage.agenda.add(this.stage.now + Math.max(1, watch.session.interval >> 1), this, LOOK, watch);
  }

  #foundLost(watch: Watch): boolean {
    const { session } = watch;
    const replica = this.#furthest(session);
    const use = [...session.uses.values()].find((each) => each.service !== 0n);
    if (replica === null || use === undefined) return false;
    const operation = { name: HARMLESS[use.plan.kind] ?? "Get", payload: NOTHING };
    const value = { serviceId: use.service, operation };
    const answer = replica.askDirectly(`supervisor/${session.name}/ask${++watch.asked}`, {
      maxReceivedIndex: session.id,
      input: { $case: "sessionQuery", value: { sessionId: session.id, input: { $case: "serviceQuery", value } } },
    });
    if (answer?.kind !== "failure" || answer.status !== Status.NOT_FOUND) return false;
    for (const each of session.uses.values()) each.lose(this.stage.now);
    return true;
  }

  #furthest(session: ClientSession): ReplicaHost | null {
    let best: ReplicaHost | null = null;
    for (const replica of this.logs.get(session.partition)?.replicas ?? []) {
      if (!replica.isUp || replica.isPaused || replica.isBroken || replica.appliedAt < Number(session.id)) continue;
      if (best === null || replica.appliedAt > best.appliedAt) best = replica;
    }
    return best;
  }
}

// Whether anything of the session still stands in the registry, or may come to.
function reported(session: ClientSession): boolean {
  if (!session.life.isOver && session.state === "open") return true;
  for (const use of session.uses.values()) if (use.state !== "closed" && use.state !== "lost") return true;
  return session.state === "closing";
}
