// Draws the clients of a plan: their lives, session time-outs and operations. Leans on what breaks: bursts at one instant,
// waits that are given up, numbers never started, restarts under the same name, sessions that are short.
import type { ClientPlan, LifePlan, OperationPlan, ServicePlan } from "./plan.js";
import type { Dice } from "./random.js";
import type { Scenario } from "./scenario.js";
import { drawKey, type DrawOperation } from "./workload.js";

/** What bounds the clients that are drawn. */
export interface Setting {
  readonly scenario: Scenario;
  readonly drawOperation: DrawOperation;
}

export function drawClients(
  dice: Dice,
  setting: Setting,
  length: number,
  services: readonly ServicePlan[],
): ClientPlan[] {
  const { scenario } = setting;
  const many = dice.between(...scenario.topology.clients);
  const crashes = dice.happens(scenario.faults["client-crash"]?.chance ?? 0);
  const restarts = dice.happens(scenario.faults["client-restart"]?.chance ?? 0);
  const interest = interests(dice, services);
  // Now and then all sessions have one time-out, so that under coarse clocks they end together.
  const shared = dice.happens(250) ? drawTimeout(dice, scenario) : undefined;
  const drafts = Array.from({ length: many }, (_, i) => ({
    client: `c${i + 1}`,
    drift: dice.happens(300) ? dice.between(-100_000, 100_000) : 0,
    retryAfter: dice.between(60_000, 400_000),
    patience: dice.between(500_000, 2_500_000),
    spans: drawSpans(dice, length, crashes, restarts),
  }));
  const alive = drafts.reduce(
    (sum, each) => sum + each.spans.reduce((one, span) => one + span.until - span.from, 0),
    0,
  );
  const operations = dice.between(...scenario.length.operations);
  const clients = drafts.map(({ spans, ...client }) => ({
    ...client,
    lives: spans.map((span, incarnation) => {
      const share = Math.max(1, Math.round((operations * (span.until - span.from)) / Math.max(1, alive)));
      return drawLife(dice, setting, incarnation, span, share, interest, shared);
    }),
  }));
  return meet(dice, clients);
}

// Some Acquires are made by another client too, at the same instant: locks are contended, and waits end together.
function meet(dice: Dice, clients: readonly ClientPlan[]): ClientPlan[] {
  const more = new Map<LifePlan, OperationPlan[]>();
  for (const client of clients) {
    const acquires = client.lives.flatMap((life) => life.operations.filter((each) => each.kind === "acquire"));
    const others = clients.flatMap((each) => (each === client ? [] : each.lives));
    for (const operation of acquires) {
      if (!dice.happens(400)) continue;
      const present = others.filter((life) => life.from < operation.at && operation.at < life.until);
      if (present.length === 0) continue;
      const life = dice.pick(present);
      const added = more.get(life) ?? [];
      const op = Math.max(0, ...[...life.operations, ...added].map((each) => each.release ?? each.op)) + 1;
      more.set(life, [...added, { ...operation, op, release: op + 1 }]);
    }
  }
  return clients.map((client) => ({
    ...client,
    lives: client.lives.map((life) => {
      const added = more.get(life);
      if (added === undefined) return life;
      return { ...life, operations: [...life.operations, ...added].sort((a, b) => a.at - b.at || a.op - b.op) };
    }),
  }));
}

interface Span {
  readonly from: number;
  readonly until: number;
  readonly ends: LifePlan["ends"];
}

// One life after the other, the next one often before the old session can be dead.
function drawSpans(dice: Dice, length: number, crashes: boolean, restarts: boolean): Span[] {
  const spans: Span[] = [];
  let from = dice.between(0, Math.min(length >> 2, 3_000_000));
  while (from < length - 1_000_000) {
    const ends = crashes && dice.happens(450) ? "crashes" : dice.happens(250) ? "closes" : "stays";
    const until = ends === "stays" ? length : Math.min(length, from + dice.between(2_000_000, length));
    if (until >= length) {
      spans.push({ from, until: length, ends: "stays" });
      break;
    }
    spans.push({ from, until, ends });
    if (!restarts || spans.length >= 5 || dice.happens(250)) break;
    from = until + dice.between(10_000, 3_000_000);
  }
  return spans.length > 0 ? spans : [{ from: 0, until: length, ends: "stays" }];
}

// Each run has favourites among the services, so that some are crowded.
function interests(dice: Dice, services: readonly ServicePlan[]): (readonly [ServicePlan, number])[] {
  // Locks and counters are where clients meet most: who waits, and who reads what another wrote.
  const often = ["lock", "counter"];
  return services.map(
    (each) => [each, dice.pick(often.includes(each.kind) ? [2, 4, 8, 14] : [1, 1, 2, 4, 12])] as const,
  );
}

function drawLife(
  dice: Dice,
  setting: Setting,
  incarnation: number,
  span: Span,
  many: number,
  interest: readonly (readonly [ServicePlan, number])[],
  timeout: number | undefined,
): LifePlan {
  // A life uses a few services, not all: opening each is an entry.
  const wanted = dice.between(2, 4);
  const chosen: (readonly [ServicePlan, number])[] = [];
  for (let i = 0; i < wanted * 2 && chosen.length < wanted; i++) {
    const service = dice.weighted(interest);
    if (chosen.some(([each]) => each === service)) continue;
    chosen.push(interest.find(([each]) => each === service) as readonly [ServicePlan, number]);
  }
  const numbers = { next: 1 };
  const times = drawTimes(dice, span, many);
  const operations = times.flatMap((at) => {
    const one = drawOne(dice, setting, at, numbers, chosen);
    if (one.kind === "query") return [one, ...drawMoreReads(dice, one, numbers)];
    return one.with.key !== undefined && one.with.ttlNanos !== undefined
      ? [one, ...drawTwins(dice, one, numbers)]
      : [one];
  });
  const partitions = [...new Set(chosen.map(([each]) => each.partition))].sort((a, b) => a - b);
  // Who crashes does so rather while it waits for a lock.
  const waits = operations.filter((each) => each.kind === "acquire" && each.at > span.from + 1_000_000);
  const sudden = span.ends === "crashes" && waits.length > 0 && dice.happens(600);
  const until = sudden ? dice.pick(waits).at + dice.between(30_000, 1_500_000) : span.until;
  return {
    incarnation,
    from: span.from,
    ends: span.ends,
    until: Math.min(until, span.until),
    timeouts: partitions.map((partition) => ({ partition, nanos: timeout ?? drawTimeout(dice, setting.scenario) })),
    operations,
  };
}

/** Instants in ascending order, a third of them in bursts. */
function drawTimes(dice: Dice, span: Span, many: number): number[] {
  const times: number[] = [];
  for (let i = 0; i < many; i++) {
    const last = times.at(-1);
    if (last !== undefined && dice.happens(330)) times.push(last + dice.pick([0, 0, 500, 5000, 40_000]));
    else times.push(dice.between(span.from, Math.max(span.from, span.until - 1)));
  }
  return times.sort((a, b) => a - b);
}

// Reads come in trains: whoever looks, looks again, and asks perhaps another replica.
function drawMoreReads(dice: Dice, first: OperationPlan, numbers: { next: number }): OperationPlan[] {
  const more: OperationPlan[] = [];
  let { at } = first;
  while (more.length < 4 && dice.happens(500)) {
    at += dice.pick([1000, 20_000, 60_000, 200_000, 600_000]);
    more.push({ ...first, op: numbers.next++, at, sync: dice.happens(450) });
  }
  return more;
}

// Other keys with the same TTL, at the same instant: where timestamps are coarse, they end together.
function drawTwins(dice: Dice, first: OperationPlan, numbers: { next: number }): OperationPlan[] {
  const more: OperationPlan[] = [];
  while (more.length < 3 && dice.happens(600)) {
    const key = drawKey(dice);
    if ([first, ...more].some((each) => each.with.key === key)) continue;
    more.push({ ...first, op: numbers.next++, with: { ...first.with, key } });
  }
  return more;
}

// Short ones are more frequent: what ends is what breaks.
function drawTimeout(dice: Dice, scenario: Scenario): number {
  const [least, most] = scenario.sessions.timeout;
  const millis = Math.min(dice.between(least, most), dice.between(least, most));
  if (dice.happens(scenario.sessions.even)) return Math.max(250, Math.round(millis / 250) * 250) * 1_000_000;
  return millis * 1_000_000 + dice.between(0, 999_999);
}

function drawOne(
  dice: Dice,
  { drawOperation }: Setting,
  at: number,
  numbers: { next: number },
  chosen: readonly (readonly [ServicePlan, number])[],
): OperationPlan {
  const service = dice.weighted(chosen);
  const drawn = drawOperation(dice, service.kind);
  const op = numbers.next++;
  const operation = { op, at, service: service.name, ...drawn };
  switch (drawn.kind) {
    case "query":
      return { ...operation, sync: dice.happens(450) };
    case "acquire": {
      const release = numbers.next++;
      const holds = dice.pick([0, 50_000, 300_000, 800_000, 1_500_000, 2_500_000, 4_000_000]);
      const gives = dice.happens(280) ? { givesUpAfter: dice.between(20_000, 2_500_000) } : {};
      return { ...operation, holds, release, ...gives };
    }
    case "events": {
      const gives = dice.happens(550) ? { givesUpAfter: dice.between(1_000_000, 15_000_000) } : {};
      const takes = dice.happens(250) ? { takes: dice.between(20_000, 500_000) } : {};
      return { ...operation, ...gives, ...takes };
    }
    case "command": {
      if (dice.happens(60)) {
        const startsAfter = dice.between(2000, 400_000);
        return dice.happens(450)
          ? { ...operation, startsAfter, givesUpAfter: startsAfter >> 1 }
          : { ...operation, startsAfter };
      }
      return dice.happens(40) ? { ...operation, givesUpAfter: dice.between(500, 60_000) } : operation;
    }
    default:
      return operation;
  }
}
