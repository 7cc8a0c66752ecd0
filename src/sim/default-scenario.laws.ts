// For the tests of this room: the default scenario's plans, and plays of them on the reference machine.
import { readFileSync } from "node:fs";
import { reference } from "../fsm/reference.js";
import type { EventLine } from "../trace/line.js";
import type { Plan } from "./plan.js";
import { draw, readScenario } from "./scenario.js";
import { play, type Cast, type Played, type PlayOptions } from "./world.js";

/** A shipped scenario. */
export function shipped(name: string) {
  return readScenario(JSON.parse(readFileSync(new URL(`../../scenarios/${name}.json`, import.meta.url), "utf8")));
}

export const defaultScenario = shipped("default");

export function planOf(seed: number, scenario = defaultScenario): Plan {
  return draw(scenario, BigInt(seed));
}

/** The lines of a play, and what it came to. */
export function linesOf(
  plan: Plan,
  cast: Partial<Cast> = {},
  options: PlayOptions = {},
): { lines: EventLine[]; played: Played } {
  const lines: EventLine[] = [];
  const played = play(plan, { machine: reference, ...cast }, (line) => lines.push(line), options);
  return { lines, played };
}

/** Lines as text, for comparison. */
export function textOf(lines: readonly EventLine[]): string[] {
  return lines.map((line) =>
    JSON.stringify(line, (_key, value: unknown) => {
      if (typeof value === "bigint") return `${value}n`;
      if (value instanceof Uint8Array) return `bytes ${value.join(" ")}`;
      return value instanceof Map ? [...value] : value;
    }),
  );
}

/** The lines of one kind. */
export function only<Kind extends EventLine["e"]>(
  lines: readonly EventLine[],
  kind: Kind,
): Extract<EventLine, { e: Kind }>[] {
  return lines.filter((line): line is Extract<EventLine, { e: Kind }> => line.e === kind);
}
