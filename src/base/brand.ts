// Numbers with a meaning: a branded type is its base type at run time, and a type of its own to the compiler.

declare const brand: unique symbol;

/** `Base`, told apart from every other `Base` by its name. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };
