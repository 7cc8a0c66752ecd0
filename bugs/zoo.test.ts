// The zoo is whole, and each bug of the machine has a defect: on a log of a few entries it answers otherwise than the real one.
import { describe, expect, test } from "vitest";
import { catalogue } from "../src/checker/catalogue.js";
import { reference } from "../src/fsm/reference.js";
import { worldParts } from "../src/sim/world.js";
import type { Bug } from "./bug.js";
import { bugNamed, bugs } from "./index.js";
import { outcomes } from "./log.js";

// Name, where it lives, which properties must break: one of them at least.
const TABLE = `
  timers-unsorted                fsm      timer/nothing-due-left, session/never-late
  timer-cancel-stops-tick        fsm      timer/nothing-due-left, session/never-late, output/gapless
  timer-ties-by-insertion        fsm      snapshot/invisible, replica/same-outputs
  time-goes-back                 fsm      time/never-goes-back
  time-missing-is-epoch          fsm      time/never-goes-back
  expiry-exclusive               fsm      session/never-late
  expiry-by-maximum              fsm      session/never-late
  expiry-on-own-traffic          fsm      session/never-late, liveness/expiry
  keepalive-no-refresh           fsm      session/never-early
  command-refreshes              fsm      session/never-late
  late-keepalive-revives         fsm      session/dead-stays-dead, session/never-late
  keepalive-bad-filter-refreshes fsm      session/never-late
  stale-keepalive-rewinds        fsm      command/at-most-once
  stale-keepalive-lists          fsm      command/at-most-once
  filter-ignores-bound           fsm      keepalive/harmless
  ack-leaves-command             fsm      state/bounded
  purge-forgets                  fsm      command/at-most-once
  no-dedup                       fsm      command/at-most-once
  errors-not-cached              fsm      command/same-answer, command/at-most-once
  dedup-lost-in-snapshot         fsm      snapshot/invisible, command/at-most-once
  mark-lost-in-snapshot          fsm      snapshot/invisible, command/at-most-once
  unacked-dropped                fsm      output/none-lost, command/same-answer
  ack-takes-request-number       fsm      output/none-lost
  output-counter-lost            fsm      output/gapless, snapshot/invisible
  retry-of-cancelled-hangs       fsm      command/same-answer, liveness/progress
  streams-outlive-session        fsm      session/dead-stays-dead, lock/holder-alive, snapshot/refuses-damage
  conflicting-input-accepted     fsm      command/same-answer
  snapshot-in-insertion-order    fsm      snapshot/canonical
  snapshot-at-wrong-index        fsm      replica/same-outputs, snapshot/invisible
  snapshot-loses-a-field         fsm      replica/same-state, snapshot/invisible
  snapshot-mutates               fsm      reads/change-nothing, replica/same-state, replica/same-outputs
  query-mutates                  fsm      reads/change-nothing, replica/same-state
  restore-attaches-to-all        fsm      session/isolation, snapshot/invisible
  restore-forgets-open           fsm      snapshot/invisible, snapshot/refuses-damage
  restore-half-done              fsm      snapshot/refuses-damage
  restore-short-read             fsm      snapshot/refuses-damage
  lock-timeout-restarts          fsm      snapshot/invisible, replica/same-outputs
  ttl-restarts                   fsm      ttl/exact, snapshot/invisible
  lock-stale-watcher             fsm      lock/exclusive
  lock-try-overwrites            fsm      lock/exclusive, linearizable/lock
  lock-waiter-stays              fsm      output/gapless, service/as-modelled
  lock-not-released-on-expiry    fsm      lock/holder-alive, liveness/progress
  lock-lifo                      fsm      lock/fifo
  lock-release-by-anyone         fsm      lock/exclusive, service/as-modelled
  value-conflict-applies         fsm      service/as-modelled, linearizable/value
  map-remove-answers-new-version fsm      service/as-modelled, linearizable/map
  set-add-always-true            fsm      service/as-modelled, linearizable/set
  election-anoint-last           fsm      service/as-modelled, linearizable/election
  election-candidates-unwatched  fsm      election/alive
  election-keeps-old-session     fsm      session/isolation, service/as-modelled
  election-term-twice            fsm      election/one-leader
  ttl-zero-expires               fsm      ttl/exact
  ttl-not-refreshed              fsm      ttl/exact
  ttl-timer-survives-remove      fsm      ttl/exact
  ttl-expiry-silent              fsm      events/complete
  events-in-insertion-order      fsm      replica/same-outputs, service/as-modelled
  service-close-evicts-others    fsm      session/isolation
  create-twice-orphans           fsm      lock/fifo, liveness/progress, service/as-modelled
  poison-filter                  fsm      apply/total
  poison-payload                 fsm      apply/total
  session-id-reused              fsm      session/id-is-index
  random-in-apply                fsm      determinism/ambient
  clock-in-apply                 fsm      determinism/ambient
  state-outlives-the-run         fsm      determinism/same-seed
  restore-drops-parked-queries   replica  query/answered
  query-ignores-index            replica  query/read-your-writes
  query-index-not-carried        replica  query/monotonic
  sync-query-from-deposed-leader log      linearizable/counter
  entry-applied-twice            replica  replica/same-outputs
  client-skips-gap               client   output/none-lost, events/complete
  client-acks-before-received    client   output/none-lost
  client-stalls-contiguity       client   state/bounded
  registry-skips-closing         registry registry/legal-moves
  registry-misses-loss           registry registry/agrees`;

interface Row {
  readonly name: string;
  readonly livesIn: string;
  readonly caughtBy: readonly string[];
}

function rowOf(line: string): Row {
  const [name = "", livesIn = "", ...properties] = line.trim().split(/[ ,]+/);
  return { name, livesIn, caughtBy: properties };
}

const rows = TABLE.trim().split("\n").map(rowOf);

describe("the zoo", () => {
  test("has the 74 bugs of the table, in its order", () => {
    expect(rows).toHaveLength(74);
    expect(bugs.map(({ name, livesIn, caughtBy }) => ({ name, livesIn, caughtBy }))).toEqual(rows);
  });

  test("finds a bug by its name", () => {
    expect(bugNamed("purge-forgets")?.livesIn).toBe("fsm");
    expect(bugNamed("no-such-bug")).toBeUndefined();
  });

  test("breaks every property: one that nothing breaks proves nothing", () => {
    const broken = new Set(bugs.flatMap(({ caughtBy }) => caughtBy));
    expect(catalogue.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });

  test("names properties that the judge knows", () => {
    const known = catalogue.map(({ name }) => name);
    expect(bugs.flatMap(({ caughtBy }) => caughtBy).filter((name) => !known.includes(name))).toEqual([]);
  });

  test("puts each bug into the part in which it lives, and into no other", () => {
    for (const bug of bugs) {
      const parts = [bug.machine && "fsm", ...Object.keys(bug.parts ?? {}), bug.registry && "registry"];
      expect(parts.filter((part) => part !== undefined)).toEqual([bug.livesIn]);
    }
  });
});

describe("a bug of the machine", () => {
  const inMachine = bugs.filter(({ livesIn }) => livesIn === "fsm");

  test.each(inMachine)("$name: a few entries tell it from the real machine", ({ machine, shows }: Bug) => {
    expect(machine && shows && outcomes(machine, shows)).not.toEqual(shows && outcomes(reference, shows));
  });

  test("state-outlives-the-run: the same entries again come out otherwise", () => {
    const { machine = reference, shows = [] } = bugNamed("state-outlives-the-run") ?? {};
    expect(outcomes(machine, shows)).not.toEqual(outcomes(machine, shows));
  });

  test("every other bug but the one that draws is a function of the entries", () => {
    for (const { name, machine = reference, shows = [] } of inMachine) {
      if (name === "state-outlives-the-run" || name === "random-in-apply" || name === "clock-in-apply") continue;
      expect(outcomes(machine, shows)).toEqual(outcomes(machine, shows));
    }
  });
});

describe("a bug of the world", () => {
  test("replaces one part, and only that", () => {
    for (const { parts } of bugs) {
      if (parts === undefined) continue;
      const changed = Object.entries(parts).flatMap(([room, functions]) => {
        const real: Record<string, unknown> = { ...worldParts[room as keyof typeof worldParts] };
        return Object.entries(functions).filter(([name, part]) => real[name] !== part);
      });
      expect(changed).toHaveLength(1);
    }
  });
});
