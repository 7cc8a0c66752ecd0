// Data as source text that prettier would leave alone: keys bare, short values on one line, longer ones broken up.

const WIDTH = 118;

/** A value as a literal. `indent`: spaces before it; `used`: characters already on its first line. */
export function literal(value: unknown, indent = 0, used = indent): string {
  const short = inline(value);
  if (short.length + used <= WIDTH || typeof value !== "object" || value === null) return short;
  const inner = " ".repeat(indent + 2);
  const close = " ".repeat(indent);
  if (Array.isArray(value)) {
    const items = value.map((each) => `${inner}${literal(each, indent + 2, indent + 3)},\n`);
    return `[\n${items.join("")}${close}]`;
  }
  const fields = entriesOf(value).map(([name, each]) => {
    const key = `${keyText(name)}: `;
    return `${inner}${key}${literal(each, indent + 2, indent + 3 + key.length)},\n`;
  });
  return `{\n${fields.join("")}${close}}`;
}

/** A value as a literal on one line. */
export function inline(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const fields = entriesOf(value).map(([name, each]) => `${keyText(name)}: ${inline(each)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, each]) => each !== undefined);
}

function keyText(name: string): string {
  return /^(?:[A-Za-z_$][\w$]*|0|[1-9][0-9]*)$/.test(name) ? name : JSON.stringify(name);
}

// 1500000 as 1_500_000: plans are full of microseconds.
function numberText(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) < 10_000) return String(value);
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}
