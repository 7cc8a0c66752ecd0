// The supervisor beside the registry: it never crashes, and asks the machine once a keep-alive interval, by a session query,
// whether a session still lives: its client may be dead or cut off. What it learns it tells the registry, as "lost". SPEC 4.
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
    if (session.state === "gone" && settled(session)) return;
    this.#ask(watch);
    // Also of a dead session: its client may not know yet, and open services in it.
    this.#lookLater(watch);
  }

  #lookLater(watch: Watch): void {
    this.stage.agenda.add(this.stage.now + watch.session.interval, this, LOOK, watch);
  }

  #ask(watch: Watch): void {
    const { session } = watch;
    const replica = this.#furthest(session);
    if (replica === null || session.uses.size === 0 || settled(session)) return;
    // The session is looked at before the service: one whose number nobody knows yet serves as well.
    const use = session.uses.values().next().value;
    const operation = { name: HARMLESS[use?.plan.kind ?? ""] ?? "Get", payload: NOTHING };
    const value = { serviceId: use?.service ?? 0n, operation };
    const answer = replica.askDirectly(`supervisor/${session.name}/ask${++watch.asked}`, {
      maxReceivedIndex: session.id,
      input: { $case: "sessionQuery", value: { sessionId: session.id, input: { $case: "serviceQuery", value } } },
    });
    if (answer?.kind !== "failure" || answer.status !== Status.NOT_FOUND) return;
    for (const each of session.uses.values()) each.reportLost(this.stage.now);
  }

  #furthest(session: ClientSession): ReplicaHost | null {
    let best: ReplicaHost | null = null;
    for (const replica of this.logs.get(session.partition)?.replicas ?? []) {
      if (!replica.isUp || replica.isPaused || replica.appliedAt < Number(session.id)) continue;
      if (best === null || replica.appliedAt > best.appliedAt) best = replica;
    }
    return best;
  }
}

// Whether nothing of the session stands in the registry any more, for now.
function settled(session: ClientSession): boolean {
  for (const use of session.uses.values()) if (!use.isSettled) return false;
  return true;
}
