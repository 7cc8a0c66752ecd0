// Follows sessions and services of one partition over its entries: when they lived, until when they were to live, who held
// what – by the models, and by the shadow's states, where those tell another story.
import type { PartitionModel } from "../checker/models/sessions.js";
import { deadlineOf } from "../checker/models/session-state.js";
import type { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import type { DeadlineChange, Segment, ServiceFacts, SessionFacts } from "./film.js";
import { type Headline, readService, type Reading, sinceStart } from "./headlines.js";
import type { Narrator } from "./narrator.js";

interface Life {
  readonly id: bigint;
  readonly opened: number;
  readonly deadlines: DeadlineChange[];
  gone: number | null;
  how: "expired" | "closed";
  timeout: number;
}

interface Show {
  readonly id: bigint;
  readonly kind: string;
  readonly name: string;
  readonly segments: Segment[];
}

// What a session or a service went through, as one of the two parties has it.
class Side {
  readonly lives = new Map<bigint, Life>();
  readonly shows = new Map<bigint, Show>();
  readonly #living = new Set<bigint>();

  session(place: number, id: bigint, deadline: bigint, timeout: bigint): void {
    let life = this.lives.get(id);
    if (life === undefined || life.gone !== null) {
      life = { id, opened: place, deadlines: [], gone: null, how: "closed", timeout: Number(timeout) / 1000 };
      this.lives.set(id, life);
      this.#living.add(id);
    }
    const at = sinceStart(deadline);
    if (life.deadlines.at(-1)?.[1] !== at) life.deadlines.push([place, at]);
  }

  /** All sessions but these are gone. */
  only(place: number, there: ReadonlyMap<bigint, unknown>): void {
    for (const id of this.#living) {
      if (there.has(id)) continue;
      (this.lives.get(id) as Life).gone = place;
      this.#living.delete(id);
    }
  }

  service(place: number, id: bigint, kind: string, name: string, { text, session, note }: Headline): void {
    let show = this.shows.get(id);
    if (show === undefined) this.shows.set(id, (show = { id, kind, name, segments: [] }));
    const last = show.segments.at(-1);
    if (last !== undefined && last.text === text && last.note === note && last.session === session) return;
    const segment = { entry: place, text, ...(session === undefined ? {} : { session }) };
    show.segments.push(note === undefined ? segment : { ...segment, note });
  }
}

export class Lives {
  readonly #partition: number;
  readonly #narrator: Narrator;
  readonly #models = new Side();
  readonly #shadow = new Side();
  #looked = false;

  constructor(partition: number, narrator: Narrator) {
    this.#partition = partition;
    this.#narrator = narrator;
  }

  /** The models after an entry. */
  stepped(place: number, model: PartitionModel, readings: ReadonlyMap<bigint, Reading>): void {
    for (const session of model.sessions.values()) {
      this.#models.session(place, session.id, deadlineOf(session), session.timeout);
    }
    this.#models.only(place, model.sessions);
    for (const [id, life] of this.#models.lives)
      if (life.gone === place) life.how = model.graves.get(id)?.how ?? "closed";
    for (const { id, spec } of model.services.values()) {
      const reading = readings.get(id);
      if (reading !== undefined) this.#models.service(place, id, spec.service, spec.name, reading.headline);
    }
  }

  /** The shadow's state after an entry. */
  seen(place: number, state: PartitionSnapshot, deadlines: ReadonlyMap<bigint, bigint>): void {
    this.#looked = true;
    for (const [id, deadline] of deadlines) this.#shadow.session(place, id, deadline, 0n);
    this.#shadow.only(place, deadlines);
    for (const { serviceId, spec, data } of state.services) {
      const { service = "", name = "" } = spec ?? {};
      this.#shadow.service(place, serviceId, service, name, readService(service, data).headline);
    }
  }

  sessions(): SessionFacts[] {
    const facts: SessionFacts[] = [];
    for (const life of this.#models.lives.values()) {
      const seen = this.#shadow.lives.get(life.id);
      const other = this.#looked && seen !== undefined && !sameLife(life, seen);
      facts.push({
        partition: this.#partition,
        id: String(life.id),
        client: this.#narrator.clientOf(this.#partition, life.id),
        timeout: life.timeout,
        opened: life.opened,
        deadlines: life.deadlines,
        ended: life.gone === null ? null : { entry: life.gone, how: life.how },
        ...(other ? { seen: { from: seen.opened, gone: seen.gone, deadlines: seen.deadlines } } : {}),
      });
    }
    return facts;
  }

  services(): ServiceFacts[] {
    return [...this.#models.shows.values()].map((show) => {
      const seen = this.#shadow.shows.get(show.id);
      const other = this.#looked && seen !== undefined && !sameSegments(show.segments, seen.segments);
      return {
        partition: this.#partition,
        id: String(show.id),
        kind: show.kind,
        name: show.name,
        segments: show.segments,
        ...(other ? { seen: seen.segments } : {}),
      };
    });
  }
}

const sameLife = (a: Life, b: Life): boolean =>
  a.opened === b.opened &&
  a.gone === b.gone &&
  a.deadlines.length === b.deadlines.length &&
  a.deadlines.every(([place, deadline], at) => b.deadlines[at]?.[0] === place && b.deadlines[at]?.[1] === deadline);

const sameSegments = (a: readonly Segment[], b: readonly Segment[]): boolean =>
  a.length === b.length &&
  a.every(({ entry, text, note }, at) => b[at]?.entry === entry && b[at]?.text === text && b[at]?.note === note);
