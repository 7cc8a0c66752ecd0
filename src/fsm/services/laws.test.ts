// Every service of the registry, held to the laws of service.laws.ts.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as counter from "../../proto/multiraft_sim/counter/v1/counter.js";
import * as election from "../../proto/multiraft_sim/election/v1/election.js";
import * as lock from "../../proto/multiraft_sim/lock/v1/lock.js";
import * as map from "../../proto/multiraft_sim/map/v1/map.js";
import * as set from "../../proto/multiraft_sim/set/v1/set.js";
import * as value from "../../proto/multiraft_sim/value/v1/value.js";
import { payload, type Encoder } from "../script.laws.js";
import { registry } from "./registry.js";
import { serviceLaws, type Act, type Subject } from "./service.laws.js";

const NOTHING = new Uint8Array(0);

function act<Input>(name: string, codec: Encoder<Input>, input: Input): Act {
  return [name, payload(codec, input)];
}

function acts<Input>(names: readonly string[], codec: Encoder<Input>, input: fc.Arbitrary<Input>): fc.Arbitrary<Act> {
  return fc.tuple(fc.constantFrom(...names), input).map(([name, one]) => act(name, codec, one));
}

const ttl = fc.constantFrom(
  undefined,
  { seconds: 0n, nanos: 0 },
  { seconds: 3n, nanos: 0 },
  { seconds: 7n, nanos: 500_000_000 },
  { seconds: 315_576_000_000n, nanos: 0 },
  { seconds: -1n, nanos: 0 },
);
const bytes = fc.constantFrom(NOTHING, Uint8Array.of(1), Uint8Array.of(2, 3));
const version = fc.constantFrom(undefined, 0n, 8n, 9n, 10n, 11n, 12n);
const key = fc.constantFrom("", "a", "b", "～", "\u{1f600}", "\ufeffa");
const number = fc.constantFrom(0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n));
const nonsense = fc.constantFrom<Act>(["Nonsense", NOTHING], ["Set", Uint8Array.of(0xff)], ["Get", NOTHING]);

const subjects: readonly Subject[] = [
  {
    kind: "counter",
    commands: fc.oneof(
      acts(["Set"], counter.SetInput, fc.record({ value: number })),
      acts(["CompareAndSet"], counter.CompareAndSetInput, fc.record({ expect: number, update: number })),
      acts(
        ["Increment", "Decrement"],
        counter.IncrementInput,
        fc.record({ delta: fc.option(number, { nil: undefined }) }),
      ),
      nonsense,
    ),
    queries: [["Get", NOTHING]],
    paths: [
      [
        act("Increment", counter.IncrementInput, { delta: 5n }),
        act("Decrement", counter.DecrementInput, { delta: 2n }),
      ],
      [
        act("Decrement", counter.DecrementInput, { delta: -1n }),
        act("Increment", counter.IncrementInput, { delta: 2n }),
      ],
    ],
  },
  {
    kind: "value",
    commands: fc.oneof(
      acts(["Set", "Insert"], value.SetInput, fc.record({ value: bytes, ttl })),
      acts(["Update"], value.UpdateInput, fc.record({ value: bytes, version, ttl })),
      acts(["Delete"], value.DeleteInput, fc.record({ version })),
      fc.constant<Act>(["Events", NOTHING]),
      nonsense,
    ),
    queries: [["Get", NOTHING]],
    paths: [
      [
        act("Set", value.SetInput, { value: Uint8Array.of(9), ttl: { seconds: 3n, nanos: 0 } }),
        act("Set", value.SetInput, { value: Uint8Array.of(1), ttl: undefined }),
      ],
      [
        act("Delete", value.DeleteInput, {}),
        act("Insert", value.InsertInput, { value: Uint8Array.of(1), ttl: { seconds: 0n, nanos: 0 } }),
      ],
    ],
  },
  {
    kind: "map",
    commands: fc.oneof(
      { weight: 4, arbitrary: acts(["Put"], map.PutInput, fc.record({ key, value: bytes, ttl })) },
      acts(["Insert"], map.InsertInput, fc.record({ key, value: bytes, ttl })),
      acts(["Update"], map.UpdateInput, fc.record({ key, value: bytes, version, ttl })),
      acts(["Remove"], map.RemoveInput, fc.record({ key, version })),
      acts(["Events"], map.EventsInput, fc.record({ key: fc.option(key, { nil: undefined }) })),
      fc.constant<Act>(["Clear", NOTHING]),
      nonsense,
    ),
    queries: [
      ["Get", NOTHING],
      ["Size", NOTHING],
      ["Entries", NOTHING],
    ],
    // The versions of b and a are those of the fourth and fifth entry, by both ways.
    paths: [
      ["z", "y", "x"].map((one) => act("Put", map.PutInput, { key: one, value: NOTHING, ttl: undefined })),
      ["x", "y", "z"].map((one) => act("Put", map.PutInput, { key: one, value: NOTHING, ttl: undefined })),
    ].map((first) => [
      ...first,
      ["Clear", NOTHING] as const,
      act("Put", map.PutInput, { key: "b", value: NOTHING, ttl: undefined }),
      act("Put", map.PutInput, { key: "a", value: NOTHING, ttl: undefined }),
    ]) as unknown as Subject["paths"],
  },
  {
    kind: "set",
    commands: fc.oneof(
      { weight: 4, arbitrary: acts(["Add", "Remove"], set.AddInput, fc.record({ element: key })) },
      fc.constantFrom<Act>(["Clear", NOTHING], ["Events", NOTHING]),
      nonsense,
    ),
    queries: [
      ["Contains", NOTHING],
      ["Size", NOTHING],
      ["Elements", NOTHING],
    ],
    paths: [
      ["\u{1f600}", "～", "a"].map((element) => act("Add", set.AddInput, { element })),
      ["a", "～", "\u{1f600}"].map((element) => act("Add", set.AddInput, { element })),
    ],
  },
  {
    kind: "lock",
    commands: fc.oneof(
      { weight: 3, arbitrary: acts(["Acquire"], lock.AcquireInput, fc.record({ timeout: ttl })) },
      { weight: 2, arbitrary: acts(["Release"], lock.ReleaseInput, fc.record({ token: version })) },
      nonsense,
    ),
    queries: [["Get", NOTHING]],
    paths: [
      [act("Release", lock.ReleaseInput, {}), act("Release", lock.ReleaseInput, {}), ["Acquire", NOTHING]],
      [["Acquire", NOTHING], act("Release", lock.ReleaseInput, {}), ["Acquire", NOTHING]],
    ],
  },
  {
    kind: "election",
    commands: fc.oneof(
      {
        weight: 6,
        arbitrary: acts(
          ["Enter", "Enter", "Withdraw", "Anoint", "Promote", "Demote", "Evict"],
          election.EnterInput,
          fc.record({ candidate: key }),
        ),
      },
      fc.constant<Act>(["Events", NOTHING]),
      nonsense,
    ),
    queries: [["GetTerm", NOTHING]],
    paths: [
      [
        ...["a", "b"].map((candidate) => act("Enter", election.EnterInput, { candidate })),
        act("Demote", election.DemoteInput, { candidate: "a" }),
      ],
      [
        ...["a", "b"].map((candidate) => act("Enter", election.EnterInput, { candidate })),
        act("Anoint", election.AnointInput, { candidate: "b" }),
      ],
    ],
  },
];

test("every service of the registry is held to the laws", () => {
  expect(subjects.map(({ kind }) => kind).toSorted()).toEqual([...registry.keys()].toSorted());
});

for (const subject of subjects) serviceLaws(subject);
