// A client: its lives, one after the other, as the plan has them. What a life does is in life.ts.
import type { Actor } from "./agenda.js";
import { Life, type Surroundings } from "./life.js";
import type { ClientPlan, LifePlan } from "./plan.js";

const LIVE = 0;

interface Birth {
  readonly life: LifePlan;
  readonly round: number;
}

/** A client: its lives, one after the other. */
export class Client implements Actor<Birth> {
  /** Lives that are not over; mostly one, two where a restart came before the end. */
  lives: Life[] = [];
  #last: Life | null = null;

  constructor(
    private readonly world: Surroundings,
    readonly plan: ClientPlan,
  ) {}

  get name(): string {
    return this.plan.client;
  }

  /** Begins a round of the plan. */
  round(round: number, offset: number): void {
    const { agenda } = this.world.stage;
    for (const life of this.plan.lives) agenda.add(offset + life.from, this, LIVE, { life, round });
  }

  wake(what: number, about: Birth): void {
    if (what !== LIVE || this.world.stage.phase !== "safety") return;
    const { life, round } = about;
    this.lives = this.lives.filter((each) => !each.isOver);
    // A restart under the same name ends the life before it, if nothing else did.
    for (const before of this.lives) before.crash();
    this.lives = [];
    if (this.#ghosts()) this.world.stage.reach("restart under the same name before the old session's end");
    const incarnation = round * this.plan.lives.length + life.incarnation;
    if (incarnation > 0) this.world.stage.count("client-restart");
    this.#last = new Life(this.world, this.plan, life, incarnation, round * this.world.stage.plan.length);
    this.lives.push(this.#last);
  }

  // Whether a session of a life before this one still lives.
  #ghosts(): boolean {
    for (const session of this.#last?.sessions.values() ?? []) {
      if (session.id > 0n && this.world.livesAt(session.partition, session.id)) return true;
    }
    return false;
  }

  wind(): void {
    for (const life of this.lives) {
      life.resume();
      life.wind();
    }
  }
}
