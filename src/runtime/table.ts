// Sessions as a table for a person. Only text: no colours, no measuring of the terminal.
import type { Session } from "../proto/atomix/runtime/v1/session.js";
import { State } from "./states.js";

const HEADINGS = ["PRIMITIVE", "NAME", "STATE", "VERSION", "LABELS"];

/** A line of headings and a line a session, each ended. Columns are as wide as what they hold. */
export function sessionTable(sessions: readonly Session[]): string {
  const rows = [HEADINGS, ...sessions.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join("  "));
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** The name of a state; its number where it has none. */
export function stateName(state: State): string {
  return Object.entries(State).find(([, number]) => number === state)?.[0] ?? String(state);
}

function cellsOf({ meta, status }: Session): string[] {
  const labels = [...(meta?.labels ?? [])].map(([key, value]) => `${key}=${value}`).join(" ");
  const id = meta?.id;
  const cells = [id?.primitive?.id ?? "", id?.name ?? "", stateName(status?.state ?? State.NONE)];
  return [...cells, String(meta?.version ?? 0n), labels].map(printable);
}

// Names come from a file: what would move the cursor or change its colours is shown as an escape.
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (control) => {
    return `\\u${(control.codePointAt(0) as number).toString(16).padStart(4, "0")}`;
  });
}
