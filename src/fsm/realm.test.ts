// The machine touches nothing but what it is given: bundled, and run in a fresh realm that has no Date, no randomness, no
// timers, no locale, and that is frozen. What it answers there is what it answers here. SPEC 2: no clock, no randomness, no I/O.
import { fileURLToPath } from "node:url";
import { constants, createContext, runInContext, runInThisContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";

// A life of a machine as text: every service, expiry, keep-alive, snapshot, restore. Only the language itself is used.
const SCRIPT = `
  import { reference } from ${JSON.stringify(fileURLToPath(new URL("./reference.ts", import.meta.url)))};
  import { decodeEntry, makeEntry } from ${JSON.stringify(fileURLToPath(new URL("../protocol/entry.ts", import.meta.url)))};
  import { encodeInputFilter } from ${JSON.stringify(fileURLToPath(new URL("../protocol/input-filter.ts", import.meta.url)))};

  const machine = reference.create();
  const seen = [];
  let index = 0n;
  const text = (value) => JSON.stringify(value, (_, inner) => {
    if (typeof inner === "bigint") return String(inner);
    return inner instanceof Uint8Array ? [...inner].join() : inner instanceof Map ? [...inner] : inner;
  });
  const apply = (seconds, input) => {
    index += 1n;
    const made = makeEntry(index, { timestamp: { seconds: BigInt(seconds), nanos: 1 }, input });
    seen.push(text(machine.apply(decodeEntry(index, made.bytes))));
  };
  const session = (sessionId, $case, value) => ({ $case: "sessionCommand", value: { sessionId, input: { $case, value } } });
  apply(1, { $case: "openSession", value: { timeout: { seconds: 10n, nanos: 0 } } });
  apply(1, { $case: "openSession", value: { timeout: { seconds: 99n, nanos: 0 } } });
  const kinds = ["counter", "value", "map", "set", "lock", "election"];
  for (const service of kinds) {
    for (const id of [1n, 2n]) apply(2, session(id, "createService", { spec: { service, namespace: "é", name: service } }));
  }
  const operations = [["Increment", ""], ["Set", "a"], ["Put", "é"], ["Add", "b"], ["Acquire", ""], ["Enter", "c"]];
  let number = 0n;
  for (const id of [1n, 2n]) {
    for (const [at, [name, word]] of operations.entries()) {
      number += 1n;
      const letters = word === "é" ? [0xc3, 0xa9] : [...word].map((one) => one.charCodeAt(0));
      const payload = Uint8Array.from(letters.length === 0 ? [] : [0x0a, letters.length, ...letters]);
      const command = { serviceId: BigInt(3 + 2 * at), sequenceNum: number, operation: { name, payload } };
      apply(3, session(id, "serviceCommand", command));
    }
  }
  apply(4, { $case: "keepAlive", value: {
    sessionId: 2n, inputFilter: encodeInputFilter([11n]), lastInputSequenceNum: 12n, lastOutputSequenceNums: new Map([[11n, 0n]]),
  } });
  apply(50, undefined);
  const saved = machine.snapshot();
  seen.push(text(saved), text(reference.create().restore([saved.subarray(0, 3), saved.subarray(3)])));
  seen.push(text(machine.restore([saved.subarray(1)])));
  globalThis.seen = seen.join("\\n");
`;

async function bundle(): Promise<string> {
  const result = await build({
    stdin: { contents: SCRIPT, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2023",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
  });
  return result.outputFiles[0]?.text ?? "";
}

const TAKE_AWAY = `
  for (const name of ["Date", "Intl", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "performance", "WeakRef",
    "FinalizationRegistry", "Atomics", "SharedArrayBuffer"]) delete globalThis[name];
  delete Math.random;
  for (const type of [String, Number, Array, BigInt, Object, Uint8Array.__proto__]) delete type.prototype.toLocaleString;
  delete String.prototype.localeCompare;
`;
const FREEZE = `
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const one = globalThis[name];
    if (typeof one === "function" || (typeof one === "object" && one !== null && one !== globalThis)) {
      if (one.prototype) Object.freeze(one.prototype);
      Object.freeze(one);
    }
  }
`;

test("2: the machine runs in a frozen fresh realm without clock, randomness, timers or locale, and answers the same", async () => {
  const code = await bundle();
  // Vanilla: the realm's own global object, with nothing of Node's in it. Node 20 knows it from 20.18 on.
  const realm = createContext(constants.DONT_CONTEXTIFY as unknown as object) as typeof globalThis & { seen: string };
  // The generated codecs ask for the two text codecs of the platform, which are pure.
  realm.TextEncoder = TextEncoder;
  realm.TextDecoder = TextDecoder;
  runInContext(TAKE_AWAY, realm);
  runInContext(FREEZE, realm);
  expect(runInContext("typeof Date + typeof Math.random + typeof setTimeout + typeof Intl", realm)).toBe(
    "undefined".repeat(4),
  );
  runInContext(code, realm);

  const here = globalThis as unknown as { seen?: string };
  runInThisContext(code);
  const there = realm.seen;
  expect(there.split("\n")).toHaveLength(31);
  expect(there).toContain('"kind":"restored"');
  expect(there).toContain('"kind":"refused"');
  expect(there).toBe(here.seen);
  delete here.seen;
});
