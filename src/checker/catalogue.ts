// The list of all properties, in the order of the specification's table. Reports and documents are written from it.
import type { Property } from "./property.js";

/** Every property, in the order of SPEC 6. */
export const catalogue: readonly Property[] = [];
