// Lists are saved in the order in which they grew, so equal states give other bytes. Real: Atomix 4 (Go), whose snapshots
// range over hash maps. Brought out by streams opened out of order, and by keys that are put out of order.
import { compareUints } from "../src/base/key-order.js";
import { commands } from "../src/fsm/commands.js";
import { map } from "../src/fsm/services/map.js";
import { set } from "../src/fsm/services/set.js";
import { saving } from "../src/fsm/snapshot.js";
import { changed, machineBug, withServices } from "./bug.js";
import { log } from "./log.js";
import { put } from "./payloads.js";

export const snapshotInInsertionOrder = machineBug(
  {
    name: "snapshot-in-insertion-order",
    what: "lists are saved in the order in which they grew",
    caughtBy: ["snapshot/canonical"],
    shows: log().open(10).create(1, "map").run(1, 2, 1, "Put", put("b", 1)).run(1, 2, 2, "Put", put("a", 1)).steps,
  },
  {
    ...withServices(
      changed(map, { save: (state, at) => map.save.call({ ...map, keys: () => [...state.cells.keys()] }, state, at) }),
      changed(set, { save: (state, at) => set.save.call({ ...set, keys: () => [...state.elements] }, state, at) }),
    ),
    commands: {
      ...commands,
      // Sorted for whoever asks, and left as it grew.
      ascending: (session) => [...session.commands.values()].sort((a, b) => compareUints(a.number, b.number)),
    },
    saving: {
      ...saving,
      commands: (m, session) => Array.from(session.commands.values(), (command) => m.parts.saving.command(m, command)),
    },
  },
);
