// A change to a state machine as one makes it every day: a counter remembers which entry changed it last, in a new optional field
// of its saved state. docs/how-to/release-gate.md walks it through the gate: shut first, then opened with a reason each.
import { createMachine, reference, referenceParts, registryOf, services } from "multiraft-sim";

const real = services.get("counter");

/** Field 2 of CounterState, as an optional uint64; field 1 is the value. */
const TAG = 0x10;

const noticing = ([name, { input, run }]) => [
  name,
  {
    input,
    run(self, at, state, call, decoded) {
      const before = state.value;
      const outcome = run(self, at, state, call, decoded);
      if (state.value !== before) state.changedAt = at.index;
      return outcome;
    },
  },
];

const counter = {
  ...real,
  commands: new Map([...real.commands].map(noticing)),

  save(state, at) {
    const value = real.save({ value: state.value }, at);
    if (state.changedAt === undefined) return value;
    return Uint8Array.from([...value, TAG, ...varint(state.changedAt)]);
  },

  load(data, loading) {
    const end = endOfValue(data);
    const { value } = real.load(data.subarray(0, end), loading);
    if (end === data.length) return { value };
    loading.check(data[end] === TAG, "a field of a counter that nobody knows");
    return { value, changedAt: number(data.subarray(end + 1)) };
  },
};

const others = [...services.values()].filter(({ kind }) => kind !== "counter");
const parts = { ...referenceParts, registry: registryOf(counter, ...others) };

export default { ...reference, create: () => createMachine(parts) };

/** The value is left out while it is 0. */
function endOfValue(data) {
  if (data[0] !== 0x08) return 0;
  let at = 1;
  while (data[at] >= 0x80) at++;
  return at + 1;
}

function varint(value) {
  const bytes = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return [...bytes, Number(left)];
}

function number(bytes) {
  return bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
}
