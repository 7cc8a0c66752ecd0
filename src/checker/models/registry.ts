// The models that the judge has, by the name that ServiceSpec.service gives the kind. A service more is one line more here.
import { counter } from "./counter.js";
import { election } from "./election.js";
import { lock } from "./lock.js";
import { map } from "./map.js";
import type { ModelRegistry } from "./service.js";
import { set } from "./set.js";
import { value } from "./value.js";

/** The judge's models of the six services, by kind. */
export const models: ModelRegistry = { counter, value, map, set, lock, election };
