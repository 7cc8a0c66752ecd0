// The report as JUnit XML: one test case a property, so that a build server shows which promises were kept, and one a seed
// without an answer.
import type { ReportedFailure, RunReport } from "../../explore/report.js";
import { counted } from "../numbers.js";
import type { RunOutcome } from "./outcome.js";
import { filesOf, whereItShows } from "./summary.js";
import { xmlText } from "./escapes.js";

interface Case {
  readonly name: string;
  readonly result: "passed" | "failed" | "error" | "skipped";
  /** The element inside, if any. */
  readonly inner: string;
}

export function junitReport({ report }: RunOutcome): string {
  const cases = [
    ...Object.keys(report.properties).map((name) => propertyCase(name, report)),
    ...(report.unanswered ?? []).map(seedCase),
    ...(report.missing ?? []).map(shardCase),
  ];
  const count = (result: Case["result"]): number => cases.filter((each) => each.result === result).length;
  const totals = `tests="${cases.length}" failures="${count("failed")}" errors="${count("error")}"`;
  const time = `time="${report.wallSeconds}"`;
  const classname = xmlText(`multiraft-sim.${report.scenario}`);
  const facts = {
    version: report.version,
    commit: report.commit ?? "",
    fsm: report.fsm,
    bug: report.bug ?? "",
    "first-seed": report.seeds.first,
    seeds: String(report.seeds.run),
    shard: report.shard ?? "",
  };
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="multiraft-sim" ${totals} ${time}>`,
    `  <testsuite name="${xmlText(report.scenario)}" ${totals} skipped="${count("skipped")}" ${time}>`,
    `    <properties>`,
    ...Object.entries(facts)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => `      <property name="${name}" value="${xmlText(value)}"/>`),
    `    </properties>`,
    ...cases.map(({ name, inner }) => {
      const open = `    <testcase classname="${classname}" name="${xmlText(name)}"`;
      return inner === "" ? `${open}/>` : `${open}>\n      ${inner}\n    </testcase>`;
    }),
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

function propertyCase(name: string, { properties, failures }: RunReport): Case {
  const broken = failures.filter((failure) => failure.property === name);
  const red = broken.filter(({ known }) => known === undefined);
  const [first] = red;
  if (first !== undefined) {
    const message = red.length === 1 ? first.says : `${first.says} (and ${counted(red.length - 1, "other failure")})`;
    const text = red.map(inFull).join("\n\n");
    const inner = `<failure message="${xmlText(message)}" type="${xmlText(first.fingerprint)}">${xmlText(text)}</failure>`;
    return { name, result: "failed", inner };
  }
  const reasons = broken.map(({ known }) => known ?? "");
  if (reasons.length > 0) return skipped(name, `known and open: ${reasons.join("; ")}`);
  const { judged = 0, reason } = properties[name] ?? {};
  return judged > 0 ? { name, result: "passed", inner: "" } : skipped(name, reason ?? "nothing came up to judge");
}

function skipped(name: string, message: string): Case {
  return { name, result: "skipped", inner: `<skipped message="${xmlText(message)}"/>` };
}

function inFull(failure: ReportedFailure): string {
  const { fingerprint, says, lines, reproduce } = failure;
  const files = filesOf(failure).map(([what, path]) => `${what}: ${path}`);
  return [fingerprint, `${says} (${whereItShows(failure)})`, ...lines, ...files, reproduce].join("\n");
}

function seedCase({ seed, reason, reproduce }: NonNullable<RunReport["unanswered"]>[number]): Case {
  const message = xmlText(reason.split("\n")[0] ?? "");
  const inner = `<error message="${message}" type="undecided">${xmlText(`${reason}\n${reproduce}`)}</error>`;
  return { name: `seed ${seed}`, result: "error", inner };
}

function shardCase(shard: string): Case {
  return { name: `shard ${shard}`, result: "error", inner: `<error message="its report is missing" type="missing"/>` };
}
