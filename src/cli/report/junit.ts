// The report as JUnit XML: one test case a property, so that a build server shows which promises were kept.
import type { RunOutcome } from "../run-exploration.js";

export function junitReport({ report, failures, exploration }: RunOutcome): string {
  const names = Object.keys(report.properties);
  const cases = names.map((name) => {
    const { judged } = report.properties[name] ?? { judged: 0 };
    const broken = failures.filter((failure) => failure.witness.property === name && failure.known === undefined);
    const attributes = `classname="${escaped(`multiraft-sim.${report.scenario}`)}" name="${escaped(name)}"`;
    const inner = [
      ...broken.map(
        ({ witness, reproduce, group }) =>
          `      <failure message="${escaped(witness.says)}" type="${escaped(group.first.fingerprint)}">${escaped(reproduce)}</failure>`,
      ),
      ...(broken.length === 0 && judged === 0 ? [`      <skipped message="nothing came up to judge"/>`] : []),
    ];
    return inner.length === 0
      ? `    <testcase ${attributes}/>`
      : `    <testcase ${attributes}>\n${inner.join("\n")}\n    </testcase>`;
  });
  const errors = exploration.undecided.map(
    ({ seed, reason }) =>
      `    <testcase classname="multiraft-sim.${escaped(report.scenario)}" name="seed ${seed}">\n` +
      `      <error message="${escaped(reason.split("\n")[0] ?? "")}"/>\n    </testcase>`,
  );
  const red = failures.filter((failure) => failure.known === undefined).length;
  const all = [...cases, ...errors];
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="multiraft-sim" tests="${all.length}" failures="${red}" errors="${errors.length}" time="${report.wallSeconds}">`,
    `  <testsuite name="${escaped(report.scenario)}" tests="${all.length}" failures="${red}" errors="${errors.length}" time="${report.wallSeconds}">`,
    ...all,
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

/** Text as XML holds it; control characters, which XML can't hold, become question marks. */
function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("\n", "&#10;")
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b-\u001f]/g, "?")
  );
}
