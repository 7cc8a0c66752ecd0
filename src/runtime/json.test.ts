// Sessions as canonical JSON, against another implementation of protobuf's JSON, which reads the same bytes with
// the same descriptors.
import { createFileRegistry, fromBinary, toJsonString } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ListSessionsResponse, type Session } from "../proto/atomix/runtime/v1/session.js";
import { fileDescriptors } from "../proto/descriptors.js";
import { messages, toJson } from "../protocol/wire.js";
import { sessionIdOf, sessionSpecOf } from "./identity.js";
import { State } from "./states.js";

const file = Object.values(fileDescriptors).map((text) =>
  fromBinary(FileDescriptorProtoSchema, Buffer.from(text, "base64")),
);
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
const schema = registry.getMessage("atomix.runtime.v1.ListSessionsResponse")!;

/** The other implementation's JSON of the same list, as values. */
function oracle(list: Session[]): unknown {
  const bytes = ListSessionsResponse.encode({ sessions: list }).finish();
  return JSON.parse(toJsonString(schema, fromBinary(schema, bytes), { registry }));
}

test("a list by hand is as the other implementation writes it, and as protobuf's documentation says", () => {
  const spec = { service: "lock", namespace: "default", name: "leader" };
  const labels = new Map([["partition", "1"]]);
  const session: Session = {
    meta: { id: sessionIdOf("c1", spec), version: 18446744073709551615n, labels },
    spec: sessionSpecOf(spec, 1_500_000_000n),
    status: { state: State.OPENED },
  };
  const expected = {
    sessions: [
      {
        meta: {
          id: { name: "c1", primitive: { id: "lock/default/leader" } },
          version: "18446744073709551615",
          labels: { partition: "1" },
        },
        spec: {
          kind: "lock",
          config: {
            "@type": "type.googleapis.com/multiraft_sim.runtime.v1.OpenParameters",
            timeout: "1.500s",
            spec: { service: "lock", namespace: "default", name: "leader" },
          },
        },
        status: { state: "OPENED" },
      },
    ],
  };
  expect(toJson(messages.ListSessionsResponse, { sessions: [session] })).toEqual(expected);
  expect(oracle([session])).toEqual(expected);
});

test("whatever is in a list, it is as the other implementation writes it", () => {
  const word = fc.string({ unit: "grapheme", maxLength: 5 });
  const session = fc
    .record({
      client: word,
      service: word,
      namespace: word,
      name: word,
      timeout: fc.option(fc.bigInt(0n, 315_576_000_000_000_000_000n), { nil: undefined }),
      version: fc.bigInt(0n, 0xffff_ffff_ffff_ffffn),
      labels: fc.array(fc.tuple(fc.constantFrom("ended", "partition", "session"), word), { maxLength: 3 }),
      state: fc.constantFrom<State>(0, 1, 2, 3, 4),
    })
    .map(({ client, service, namespace, name, timeout, version, labels, state }): Session => {
      const spec = { service, namespace, name };
      return {
        meta: { id: sessionIdOf(client, spec), version, labels: new Map(labels) },
        spec: sessionSpecOf(spec, timeout),
        status: { state },
      };
    });
  const claim = fc.property(fc.array(session, { maxLength: 3 }), (list) => {
    expect(toJson(messages.ListSessionsResponse, { sessions: list })).toEqual(oracle(list));
  });
  fc.assert(claim, { numRuns: 200 });
});
