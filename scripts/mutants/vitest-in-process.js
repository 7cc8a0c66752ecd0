// What the killers get in the place of vitest: the same words, and vitest's own matchers, but tests are only collected, to be
// called again and again in one process by runner.js. It knows of vitest what the tests of the mutated rooms use.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The matchers are a package that vitest brings along.
const fromVitest = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
const load = (name) => import(pathToFileURL(fromVitest.resolve(name)).href);
const { JestAsymmetricMatchers, JestChaiExpect, JestExtend, ASYMMETRIC_MATCHERS_OBJECT, chai } =
  await load("@vitest/expect");
const { fn, spyOn, restoreAllMocks } = await load("@vitest/spy");

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = Object.assign(
  (value, message) => chai.expect(value, message),
  globalThis[ASYMMETRIC_MATCHERS_OBJECT],
);
export const vi = { fn, spyOn, restoreAllMocks };

/** Claims about types are checked elsewhere. */
export const expectTypeOf = () => new Proxy(() => expectTypeOf(), { get: () => expectTypeOf() });

let collected = [];
let path = [];
const taken = new Map();

/** The tests that were collected since the last call. */
export function takeTests(file) {
  const tests = collected.map(({ name, run }) => {
    const full = `${file}: ${name}`;
    const times = (taken.get(full) ?? 0) + 1;
    taken.set(full, times);
    return { id: times === 1 ? full : `${full} (${times})`, file, run };
  });
  collected = [];
  return tests;
}

export function test(name, first, second) {
  const run = typeof first === "function" ? first : second;
  collected.push({ name: [...path, name].join(" > "), run });
}
export const it = (name, first, second) => test(name, first, second);

export function describe(name, body) {
  path = [...path, name];
  body();
  path = path.slice(0, -1);
}

// One test, or one group, for each row; the rows' words stand in the name well enough as JSON.
const each =
  (of) =>
  (rows) =>
  (name, body, ...rest) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      of(`${name} ${said(values)}`, () => body(...values), ...rest);
    }
  };
test.each = it.each = each(test);
describe.each = each(describe);

function said(values) {
  try {
    return (
      JSON.stringify(values, (_, value) => (typeof value === "bigint" ? String(value) : value))?.slice(0, 80) ?? ""
    );
  } catch {
    return "";
  }
}
