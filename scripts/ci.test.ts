// What users copy for their build servers and clusters, tried on one machine: the files parse and fit together, the action's script
// plays what its inputs say, and the pods of a night, as processes, are merged into the report of the whole run.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../src/explore/report.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const main = join(root, "dist/src/cli/main.js");
const scratch = mkdtempSync(join(tmpdir(), "multiraft-sim-ci-"));
const bin = join(scratch, "bin");
afterAll(() => rmSync(scratch, { recursive: true }));

const text = (path: string): string => readFileSync(join(root, path), "utf8");

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string;
        readonly steps: readonly Step[];
        readonly outputs?: Readonly<Record<string, string>>;
        readonly strategy?: { readonly matrix: { readonly index: readonly number[] } };
      }
    >
  >;
}
interface Job {
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly parallelism: number;
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly containers: readonly [
          { readonly name: string; readonly command: readonly string[]; readonly env: readonly Variable[] },
        ];
      };
    };
    readonly podFailurePolicy: {
      readonly rules: readonly { readonly onExitCodes?: { readonly containerName: string } }[];
    };
  };
}
interface Variable {
  readonly name: string;
  readonly value?: string;
}

const action = parse(text("action.yml")) as Action;
const workflow = parse(text("deploy/github/simulation.yml")) as Workflow;
const job = parse(text("deploy/kubernetes/night.yaml")) as Job;
const night = job.spec.template.spec.containers[0];

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs something in a folder of its own, with multiraft-sim, npx and kubectl as this test has them. */
function ran(
  cwd: string,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Ran {
  mkdirSync(cwd, { recursive: true });
  const clean = { CI_NODE_INDEX: "", CI_NODE_TOTAL: "", JOB_COMPLETION_INDEX: "", GITHUB_STEP_SUMMARY: "" };
  const path = [bin, process.env["PATH"]].join(delimiter);
  const env = { ...process.env, ...clean, PATH: path, ...environment };
  const done = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 170_000, env });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function program(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

const timeless = (json: string): string => json.replace(/"wallSeconds": [0-9.]+/, '"wallSeconds": 0');

beforeAll(() => {
  expect(existsSync(main), "run `npm run build` first").toBe(true);
  mkdirSync(bin);
  program("multiraft-sim", `exec '${process.execPath}' '${main}' "$@"`);
  program("npx", `[ "$1" = multiraft-sim ] || exit 99; exec "$@"`);
});

describe("the action", { timeout: 180_000 }, () => {
  it("uses every input that it has, and has every input that it uses", () => {
    const used = [...text("action.yml").matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
    const { steps } = action.runs;
    for (const { value } of Object.values(action.outputs)) {
      const [, id] = /steps\.([a-z]+)\.outputs/.exec(value) ?? [];
      expect(steps.map((step) => step.id)).toContain(id);
    }
  });

  it("puts no input into the text of a script, where it could be a command", () => {
    const scripts = [...action.runs.steps, ...Object.values(workflow.jobs).flatMap((each) => each.steps)];
    for (const { run } of scripts) expect(run ?? "").not.toContain("${{");
  });

  /** The variables of the step that explores, from the inputs' defaults and what is given. */
  function inputs(given: Readonly<Record<string, string>>): Record<string, string> {
    const { env = {} } = action.runs.steps.find(({ id }) => id === "explore") ?? {};
    const value = (from: string): string => {
      const name = /inputs\.([a-z-]+)/.exec(from)?.[1] ?? "";
      return given[name] ?? action.inputs[name]?.default ?? "";
    };
    return Object.fromEntries(Object.entries(env).map(([name, from]) => [name, value(from)]));
  }

  function explore(cwd: string, given: Readonly<Record<string, string>>): Ran {
    mkdirSync(cwd, { recursive: true });
    const environment = { GITHUB_ACTION_PATH: root, GITHUB_OUTPUT: join(cwd, "output"), ...inputs(given) };
    return ran(cwd, "bash", [join(root, "deploy/github/explore.sh")], environment);
  }

  it("plays what its inputs say: a red run is annotated, its report kept, and its end is red", () => {
    const cwd = join(scratch, "red project");
    const given = { scenario: "counter-only", seeds: "3", arguments: "--bug purge-forgets --shrink-for 0" };
    const { code, out } = explore(cwd, given);
    expect(out).toMatch(/^::error title=command\/at-most-once is broken::/);
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, "output"), "utf8")).toBe("report=multiraft-sim-report\n");
    const report = join(cwd, "multiraft-sim-report");
    expect(JSON.parse(readFileSync(join(report, "report.json"), "utf8"))).toMatchObject({
      ...{ bug: "purge-forgets", scenario: "counter-only" },
      seeds: { requested: 3 },
    });
    expect(readdirSync(join(report, "cases"))).toEqual(readdirSync(join(cwd, ".multiraft-sim/cases")));
    // The same again: what failed before is tried first.
    expect(explore(cwd, given).err).toMatch(/\d failures? kept from before: \d still there/);
  });

  it("a commit's hash is where the seeds begin, and a green run ends green", () => {
    const hash = "fc115ad0fc115ad0fc115ad0fc115ad0fc115ad0";
    const { code } = explore(join(scratch, "green"), { scenario: "counter-only", seeds: "2", "first-seed": hash, ledger: "false" }); // prettier-ignore
    expect(code).toBe(0);
    const { seeds } = JSON.parse(
      readFileSync(join(scratch, "green/multiraft-sim-report/report.json"), "utf8"),
    ) as RunReport;
    expect(seeds).toMatchObject({ first: `0x${hash}`, passed: 2 });
  });

  it("the shards of a night come together by what the workflow says", () => {
    const cwd = join(scratch, "night");
    const shards = [1, 2].map((index) => {
      const project = join(cwd, `machine ${index}`);
      const given = {
        scenario: "counter-only",
        seeds: "6",
        shard: `${index}/2`,
        arguments: "--bug purge-forgets --shrink-for 0",
      };
      // Of six seeds the first and the third fail, both of the first shard.
      expect(explore(project, given).code).toBe(index === 1 ? 1 : 0);
      return join(project, "multiraft-sim-report");
    });
    const morning = join(cwd, "morning");
    mkdirSync(join(morning, "shards"), { recursive: true });
    // What the download of the artifacts does.
    shards.forEach((report, at) => spawnSync("cp", ["-R", report, join(morning, "shards", `shard-${at + 1}`)]));
    const merge = workflow.jobs["morning"]?.steps.find(({ name }) => name === "Merge")?.run ?? "";
    const { code, out } = ran(morning, "bash", ["-euo", "pipefail", "-c", merge]);
    expect(out).toMatch(/^::error title=/);
    expect(code).toBe(1);
    const merged = JSON.parse(readFileSync(join(morning, "night/report.json"), "utf8")) as RunReport;
    expect(merged.seeds).toMatchObject({ requested: 6, run: 6 });
    const kept = readdirSync(join(morning, ".multiraft-sim/cases")).filter((file) => file.endsWith(".json"));
    expect(kept).toHaveLength(merged.failures.length);
    for (const { trace } of merged.failures) expect(existsSync(join(morning, "night", trace ?? "none"))).toBe(true);
  });
});

describe("the workflow", () => {
  it("gives the action inputs that it has", () => {
    const calls = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.startsWith("OWNER/")),
    );
    expect(calls).toHaveLength(2);
    for (const { with: given = {} } of calls) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
    }
  });

  it("every job that is waited for is there, and so is every output that is asked for", () => {
    for (const { needs } of Object.values(workflow.jobs))
      if (needs !== undefined) expect(workflow.jobs).toHaveProperty(needs);
    for (const [, name = "", output = ""] of text("deploy/github/simulation.yml").matchAll(
      /needs\.([a-z]+)\.outputs\.([a-z-]+)/g,
    )) {
      expect(Object.keys(workflow.jobs[name]?.outputs ?? {})).toContain(output);
    }
    expect(workflow.jobs["night"]?.strategy?.matrix.index).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("draws a number that is a seed", () => {
    const draw = workflow.jobs["tonight"]?.steps[0]?.run ?? "";
    const output = join(scratch, "drawn");
    expect(ran(scratch, "bash", ["-euo", "pipefail", "-c", draw], { GITHUB_OUTPUT: output }).code).toBe(0);
    expect(readFileSync(output, "utf8")).toMatch(/^first-seed=[0-9]{1,15}\n$/);
  });
});

describe("the night on a cluster", { timeout: 180_000 }, () => {
  it("each pod knows of how many it is one, and its verdict is final", () => {
    const { completionMode, completions, parallelism, podFailurePolicy, template } = job.spec;
    expect(completionMode).toBe("Indexed");
    expect(parallelism).toBeLessThanOrEqual(completions);
    expect(night.env.find(({ name }) => name === "CI_NODE_TOTAL")?.value).toBe(String(completions));
    expect(template.spec.restartPolicy).toBe("Never");
    expect(podFailurePolicy.rules.at(-1)?.onExitCodes?.containerName).toBe(night.name);
  });

  it("three pods, as processes, are merged into the bytes of the whole run", () => {
    const cwd = join(scratch, "cluster");
    const uid = "5f3c1c9e-0b1d-4a52-9d3c-7a1f0e2b4c6d";
    const known = "--scenario counter-only --bug purge-forgets --seeds 6";
    const [shell = "", ...args] = night.command;
    const logs = [0, 1, 2].map((index) => {
      const environment = { JOB_UID: uid, ARGUMENTS: known, CI_NODE_TOTAL: "3", JOB_COMPLETION_INDEX: String(index) };
      return ran(cwd, shell, args, environment);
    });
    // What kubectl says of that Job: a pod's log holds both streams; share 1 was begun again.
    logs.forEach(({ out, err }, index) => writeFileSync(join(cwd, `night-${index}.log`), `${err}${out}`));
    writeFileSync(join(cwd, "lost-1.log"), "shard 2/3, as JOB_COMPLETION_INDEX and CI_NODE_TOTAL say\n");
    program(
      "kubectl",
      `all="$*"; case "$all" in
  "get job night --output jsonpath={.spec.completions}") echo -n 3;;
  "get pods --output name --sort-by=.metadata.creationTimestamp --selector batch.kubernetes.io/job-name=night,"*)
    index=\${all##*index=}; [ "$index" != 1 ] || echo pod/lost-1; echo "pod/night-$index";;
  "logs pod/"*) cat "\${2#pod/}.log";;
  *) echo "kubectl: what is $*?" >&2; exit 1;;
esac`,
    );
    const collected = ran(cwd, "bash", [join(root, "deploy/kubernetes/collect.sh"), "night", "out"]);
    expect(collected.err).toBe("");
    expect(collected.code).toBe(1);
    const whole = ran(cwd, "multiraft-sim", ["run", ...known.split(" "), "--first-seed", `0x${uid.replaceAll("-", "")}`, "--no-ledger", "--format", "json"]); // prettier-ignore
    for (const index of [0, 1, 2]) expect(existsSync(join(cwd, "out/shards", `${index}.json`))).toBe(true);
    const merged = ran(cwd, "multiraft-sim", [
      "merge",
      ...[0, 1, 2].map((index) => `out/shards/${index}.json`),
      "--format",
      "json",
    ]);
    expect(timeless(merged.out)).toBe(timeless(whole.out));
  });

  it("a pod that left no report is a share that is missing", () => {
    const cwd = join(scratch, "cluster");
    writeFileSync(join(cwd, "night-2.log"), "");
    const { code, out } = ran(cwd, "bash", [join(root, "deploy/kubernetes/collect.sh"), "night", "half"]);
    expect(out).toContain("1 shard missing");
    expect(code).toBe(1);
  });
});

describe("other files", () => {
  it("GitLab's jobs parse, and extend what there is", () => {
    const jobs = parse(text("deploy/gitlab/.gitlab-ci.yml")) as Record<string, { extends?: string; script?: string[] }>;
    for (const { extends: base } of Object.values(jobs)) if (base !== undefined) expect(jobs).toHaveProperty([base]);
    expect(jobs["simulate a night"]?.script?.join("\n")).toContain("--first-seed");
  });

  it("every script is one that a shell can read", () => {
    const inYaml = [...action.runs.steps, ...Object.values(workflow.jobs).flatMap(({ steps }) => steps)].flatMap(
      ({ run }) => run ?? [],
    );
    for (const script of [
      ...inYaml,
      text("deploy/github/explore.sh"),
      text("deploy/kubernetes/collect.sh"),
      night.command[2] ?? "",
    ]) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
      expect(stderr).toBe("");
      expect(status).toBe(0);
    }
  });

  it("the image does not run as root, and is not made of what lies about", () => {
    const lines = text("deploy/Dockerfile").split("\n");
    expect(lines.filter((line) => /^(USER|ENTRYPOINT)/.test(line))).toEqual([
      "USER node",
      'ENTRYPOINT ["multiraft-sim"]',
    ]);
    expect(text("deploy/Dockerfile.dockerignore").split("\n")).toEqual(
      expect.arrayContaining(["node_modules", "dist"]),
    );
  });
});
