// Writes docs/reference/report.md from the schema of reports, so that the page never says more or less than what is checked.
// `npx vitest run scripts/report-doc.test.ts -u` writes it; without `-u` the test says whether it is fresh.
import { readFileSync } from "node:fs";

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
}

/** The schema of `run --format json`. */
export const reportSchema = JSON.parse(
  readFileSync(new URL("../schemas/report.schema.json", import.meta.url), "utf8"),
) as Schema;

const HEAD = `<!-- Written by scripts/report-doc.ts. Do not edit: \`npx vitest run scripts/report-doc.test.ts -u\` -->

# Reports

What \`run\` and \`merge\` came to, in five faces of one object:

- \`--format pretty\`: for a terminal. Progress goes to stderr: a bar there, a line every ten seconds elsewhere.
- \`--format json\`: the object below; [its schema](../../schemas/report.schema.json). The same seeds give the same bytes, but for \`wallSeconds\`.
- \`--format junit\`: XML with one test case a property. Known failures and properties that never had anything to judge are
  skipped, a seed without an answer and a missing shard are errors.
- \`--format github\`: an annotation for each failure, then the page for a terminal; and Markdown, added to the file that
  \`GITHUB_STEP_SUMMARY\` names.
- \`--format markdown\` (only \`merge\`): the same Markdown, printed.

\`--report DIR\` writes a folder that can be moved and uploaded. Paths inside are relative to it:

    index.html  index.md  report.json  junit.xml
    failures/<property>-seed-<seed>/
      trace.jsonl           the whole run, recorded; again.jsonl where a second play came out otherwise
      small.jsonl           the smallest run that fails alike
      picture.html          the smallest run as a picture, one file that needs nothing else
      <property>.test.ts    a vitest file that fails as the run does

It is written as soon as the seeds are played, and again whenever a failure was made small, so whoever ends the run early has
a whole report. \`--shrink-for SPAN\` bounds the time for all failures together (5 minutes; \`0\`: nothing is made small).

Failures with one fingerprint are one failure. Exit codes: 0 all held; 1 a claim is broken that \`--known\` does not name; 2 something
could not be written, which costs nothing else; 3 no answer on some seed, a missing shard, or 500 seeds that never came by some
milestone; 5 a defect of the simulator; 130 interrupted. When several hold: the first of 5, 130, 2, 1, 3.

## The object

| field | | |
| --- | --- | --- |
`;

/** The page's Markdown. */
export function reportPage(): string {
  return `${HEAD}${rows(reportSchema, "")
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("")}`;
}

/** One row for each field: its path, its type, what it means. */
function rows(schema: Schema, path: string): string[][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const rest = schema.required?.includes(name) === true ? "" : ", optional";
    return [[`\`${at}\``, `${typeOf(field)}${rest}`, field.description ?? ""], ...rows(field, at)];
  });
  const each = schema.additionalProperties === false ? undefined : schema.additionalProperties;
  return [
    ...own,
    ...(each?.properties === undefined ? [] : rows(each, `${path}.*`)),
    ...(schema.items?.properties === undefined ? [] : rows(schema.items, `${path}[]`)),
  ];
}

function typeOf({ type, const: only }: Schema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  return typeof type === "string" ? type : (type ?? []).join(" or ");
}
