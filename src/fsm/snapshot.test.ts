// SPEC 2.5: what is saved stands in the order of its ids. Ours rise as they are given; a machine with other ids is put in order.
import { expect, test } from "vitest";
import { PartitionSnapshot } from "../proto/atomix/multiraft/v1/fsm.js";
import { open } from "../protocol/snapshot-envelope.js";
import { ServiceId, SessionId } from "../protocol/words.js";
import { Script } from "./script.laws.js";
import { createMachine, referenceParts } from "./session-machine.js";

test.each([[[1n, 2n, 3n]], [[2n, 1n, 3n]], [[1n, 3n, 2n]], [[3n, 2n, 1n]]])(
  "2.5: of the ids %s, given one after the other, the least is saved first, of sessions and of services",
  (given) => {
    const sessionIds = given.map((id) => SessionId(id));
    const serviceIds = given.map((id) => ServiceId(id));
    const { sessions, services } = referenceParts;
    const script = new Script(
      createMachine({
        ...referenceParts,
        sessions: { ...sessions, newId: () => sessionIds.shift() as SessionId },
        services: { ...services, newId: () => serviceIds.shift() as ServiceId },
      }),
    ).at(0);
    for (const _ of given) script.open(10);
    for (const name of ["a", "b", "c"]) script.create(1n, "set", name);
    const opened = open(script.snapshot());
    if (opened.kind === "refused") throw new Error(opened.message);
    const saved = PartitionSnapshot.decode(opened.payload);
    expect(saved.sessions.map(({ sessionId }) => sessionId)).toEqual([1n, 2n, 3n]);
    expect(saved.services.map(({ serviceId }) => serviceId)).toEqual([1n, 2n, 3n]);
    expect(saved.services.map(({ spec }) => spec?.name)).toEqual(
      [1n, 2n, 3n].map((id) => ["a", "b", "c"][given.indexOf(id)]),
    );
  },
);
