// A client stands still, mostly for longer than its session's time-out, and goes on as if nothing had been.
import type { FaultKind } from "./fault.js";
import { instances, lasting } from "./instances.js";

export const clientPause: FaultKind = {
  name: "client-pause",
  models: "a laptop that is shut, a collection of garbage",
  counts: "a life of a client that stops",
  parameters: lasting([1, 4], [500, 12_000]),
  draw: (dice, draft, numbers) => instances(dice, draft, numbers, "client"),
  start(world, fault) {
    for (const client of world.clientsOf(fault)) {
      for (const life of client.lives) if (life.pause()) world.stage.count(fault.fault);
    }
  },
  stop(world, fault) {
    for (const client of world.clientsOf(fault)) for (const life of client.lives) life.resume();
  },
};
