// The page's colours as the canvas needs them: read from the style sheet, so that light and dark are told apart in one place.

export interface Colours {
  readonly ground: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly faint: string;
  readonly plain: string;
  readonly quiet: string;
  readonly strong: string;
  readonly good: string;
  readonly bad: string;
  readonly late: string;
  readonly twice: string;
  readonly fault: string;
  readonly lead: string;
  readonly cursor: string;
  /** One of these for each session. */
  readonly sessions: readonly string[];
}

const NAMES = [
  "ground",
  "raised",
  "line",
  "text",
  "faint",
  "plain",
  "quiet",
  "strong",
  "good",
  "bad",
  "late",
  "twice",
  "fault",
  "lead",
  "cursor",
] as const;

/** The colours of the theme that is on. */
export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const named = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Record<(typeof NAMES)[number], string>;
  return { ...named, sessions: Array.from({ length: 8 }, (_, at) => read(`session-${at}`)) };
}

/** A session's colour: the same wherever it stands. */
export function sessionColour({ sessions }: Colours, key: string): string {
  let hash = 7;
  for (const letter of key) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  const id = Number(key.split("/")[1] ?? Number.NaN);
  return (
    sessions[
      (Number.isFinite(id) ? ORDER.indexOf(key) : -1) >= 0
        ? ORDER.indexOf(key) % sessions.length
        : hash % sessions.length
    ] ?? ""
  );
}

const ORDER: string[] = [];

/** Gives sessions their colours in this order, so that neighbours differ. */
export function orderSessions(keys: readonly string[]): void {
  ORDER.splice(0, ORDER.length, ...keys);
}
