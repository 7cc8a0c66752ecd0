// The laws that every service keeps, written once. A service brings its operations and two paths to one state; the rest is
// the same for all: sessions that come and go, keep-alives, time, and a second machine that must not tell the difference.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartitionSnapshot, type ServiceSnapshot } from "../../proto/atomix/multiraft/v1/fsm.js";
import { open } from "../../protocol/snapshot-envelope.js";
import { replied, Script, statusName } from "../script.laws.js";

/** One operation with its payload. */
export type Act = readonly [name: string, payload: Uint8Array];

export interface Subject {
  readonly kind: string;
  readonly commands: fc.Arbitrary<Act>;
  readonly queries: readonly Act[];
  /** Commands of equal count that lead to one state of the service, by different ways. */
  readonly paths: readonly [readonly Act[], readonly Act[]];
}

const SESSIONS = [1n, 2n, 3n];
const SERVICE = 4n;

type Step =
  | { readonly does: "command"; readonly session: number; readonly act: Act }
  | { readonly does: "retry"; readonly session: number; readonly back: number }
  | { readonly does: "keep-alive"; readonly session: number; readonly upTo: number; readonly open: number }
  | { readonly does: "time"; readonly seconds: number }
  | { readonly does: "close" | "create" | "end"; readonly session: number };

function steps(commands: fc.Arbitrary<Act>): fc.Arbitrary<Step[]> {
  const session = fc.nat(SESSIONS.length - 1);
  return fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ does: fc.constant("command" as const), session, act: commands }) },
      { weight: 3, arbitrary: fc.record({ does: fc.constant("retry" as const), session, back: fc.nat(3) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          does: fc.constant("keep-alive" as const),
          session,
          upTo: fc.nat(12),
          open: fc.nat(4095),
        }),
      },
      { weight: 4, arbitrary: fc.record({ does: fc.constant("time" as const), seconds: fc.nat(6) }) },
      {
        weight: 1,
        arbitrary: fc.record({ does: fc.constantFrom("close" as const, "create" as const, "end" as const), session }),
      },
    ),
    { minLength: 1, maxLength: 40 },
  );
}

/** Three sessions with one service, and what was sent so far: the same script can go on on another machine. */
class Player {
  #seconds = 0;
  readonly #sent: { session: bigint; number: bigint; act: Act }[] = [];

  constructor(
    kind: string,
    public script: Script = new Script().at(0),
  ) {
    for (const timeout of [15, 40, 1000]) script.open(timeout);
    for (const session of SESSIONS) script.create(session, kind);
  }

  /** Everything that came of the step, as text with the payloads. */
  play(step: Step, script = this.script): unknown {
    const session = "session" in step ? (SESSIONS[step.session] as bigint) : 0n;
    switch (step.does) {
      case "command":
        this.#sent.push({ session, number: BigInt(this.#sent.length + 1), act: step.act });
        return this.#send(this.#sent.length - 1, script);
      case "retry":
        return this.#send(Math.max(this.#sent.length - 1 - step.back, 0), script);
      case "keep-alive": {
        const held = this.#sent
          .filter(({ number }) => (step.open >> Number(number % 12n)) & 1)
          .map(({ number }) => number);
        const last = BigInt(Math.max(this.#sent.length - step.upTo, 0));
        const acknowledged = Object.fromEntries(held.map((number) => [String(number), number % 3n]));
        return script.keepAlive(session, last, held, acknowledged);
      }
      case "time":
        this.#seconds += step.seconds;
        return script.at(this.#seconds).apply(undefined);
      case "close":
        return script.closeService(session, SERVICE);
      case "create":
        return script.create(session, "anything", "else");
      case "end":
        return script.closeSession(session);
    }
  }

  #send(place: number, script: Script): unknown {
    const sent = this.#sent[place];
    return sent && script.command(sent.session, SERVICE, sent.number, ...sent.act);
  }

  /** Takes the last command back from what was sent: it is played again on another machine. */
  forgetLast(step: Step): void {
    if (step.does === "command") this.#sent.pop();
    if (step.does === "time") this.#seconds -= step.seconds;
  }
}

function serviceIn(script: Script, id = SERVICE): ServiceSnapshot {
  const opened = open(script.snapshot());
  if (opened.kind === "refused") throw new Error(opened.message);
  const found = PartitionSnapshot.decode(opened.payload).services.find(({ serviceId }) => serviceId === id);
  if (found === undefined) throw new Error("the service is not there");
  return found;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Declares the laws as tests of `subject`. */
export function serviceLaws(subject: Subject): void {
  const { kind, commands, queries, paths } = subject;

  describe(`laws: ${kind}`, () => {
    test("load(save(s)) answers every later command as s does, and is saved as the same bytes after each", () => {
      fc.assert(
        fc.property(steps(commands), fc.nat(40), fc.integer({ min: 1, max: 7 }), (all, cut, chunk) => {
          const player = new Player(kind);
          const before = all.slice(0, cut);
          for (const step of before) player.play(step);
          const other = player.script.restored(chunk);
          expect(sameBytes(other.snapshot(), player.script.snapshot())).toBe(true);
          for (const step of all.slice(cut)) {
            const came = player.play(step);
            player.forgetLast(step);
            expect(player.play(step, other)).toEqual(came);
            expect(sameBytes(other.snapshot(), player.script.snapshot())).toBe(true);
          }
        }),
        { numRuns: 60 },
      );
    });

    test("an operation that answers anything but OK changes nothing", () => {
      fc.assert(
        fc.property(steps(commands), commands, (all, act) => {
          const player = new Player(kind);
          for (const step of all) player.play(step);
          const { script } = player;
          const session = script.open(1000);
          const name = script.create(session, kind);
          expect(name).toBe(`service ${SERVICE}`);
          const before = serviceIn(script).data;
          const applied = script.command(session, SERVICE, 1n, ...act);
          const [answer] = replied(applied);
          if (answer === undefined || answer.status === 1) return;
          expect(sameBytes(serviceIn(script).data, before)).toBe(true);
          expect(applied.emissions).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });

    test("queries and snapshots change nothing, and answer OK or NOT_FOUND", () => {
      fc.assert(
        fc.property(steps(commands), (all) => {
          const player = new Player(kind);
          for (const step of all) player.play(step);
          const { script } = player;
          const session = script.open(1000);
          script.create(session, kind);
          const before = script.snapshot();
          for (const [name, payload] of queries) {
            const answer = script.query(session, SERVICE, name, payload);
            expect(["OK", "NOT_FOUND"]).toContain(typeof answer === "string" ? answer : statusName(answer.status));
          }
          expect(sameBytes(script.snapshot(), before)).toBe(true);
        }),
        { numRuns: 30 },
      );
    });

    test("a snapshot that is refused leaves the old state as it was", () => {
      fc.assert(
        fc.property(steps(commands), fc.nat(), fc.integer({ min: 1, max: 255 }), (all, place, change) => {
          const player = new Player(kind);
          for (const step of all) player.play(step);
          const before = player.script.snapshot();
          const damaged = before.slice();
          damaged[place % damaged.length] = (damaged[place % damaged.length] ?? 0) ^ change;
          expect(player.script.restore(damaged, 64).kind).toBe("refused");
          expect(sameBytes(player.script.snapshot(), before)).toBe(true);
        }),
        { numRuns: 30 },
      );
    });

    test("equal states give equal bytes, whatever path led there", () => {
      const [one, other] = paths.map((acts) => {
        const { script } = new Player(kind);
        for (const [at, act] of acts.entries()) script.command(SESSIONS[2] as bigint, SERVICE, BigInt(at + 1), ...act);
        return serviceIn(script).data;
      });
      expect(paths[0]).not.toEqual(paths[1]);
      expect(one).toEqual(other);
      expect(one?.length).toBeGreaterThan(0);
    });
  });
}
