// A test runner for Stryker that keeps everything loaded: the sandbox's TypeScript becomes JavaScript once, the killers are
// imported once, and a mutant costs the tests that touch it and nothing more. vitest would load the modules anew for each of two
// thousand mutants. A mutant that spoils what is loaded (a constant that is written to) is the last of its process. The runner
// never decides what is mutated or what a result means.
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { determineHitLimitReached, DryRunStatus, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";

/** Names of the rooms whose code the killers run, and of single files. */
const SOURCES = ["src", "bugs", "scripts/mutants"];
const SETUP = "scripts/fast-check-seed.ts";
const READY = ".killers-ready";
/** How long each test took when nothing was mutated, milliseconds: the quickest are asked first. */
const TIMES = ".killers-times.json";
/**
 * How often each test, and loading them, passes by each mutant when nothing is mutated: whoever passes a hundred times as often
 * is in a loop. Stryker's own limit is of all tests together: it lets a loop without an end take a minute, or all memory.
 */
const HITS = ".killers-hits.json";
const HITS_FACTOR = 100;
const HITS_TO_SPARE = 100_000;
/** One compiles what it tests by itself, from files that are not mutated; the other takes longer than all others together. */
const LEFT_OUT = ["src/fsm/realm.test.ts", "src/fsm/machine.fuzz.test.ts"];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "killers", killersRunner)];

killersRunner.inject = tokens(commonTokens.logger);
function killersRunner() {
  return new KillersRunner();
}

class KillersRunner {
  #tests = [];
  #hits = undefined;
  /** Whether no mutant ran in this process yet. */
  #fresh = true;
  #spoilt = false;
  #context = {};

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    // Shared with the instrumented code, which looks for it when it is first run.
    globalThis.__stryker__ ??= {};
    this.#context = globalThis.__stryker__;
    const here = process.cwd();
    if (!exists(join(here, READY))) await compile(here);
    await import(pathToFileURL(join(here, SETUP.replace(/ts$/, "js"))).href);
  }

  async #load() {
    if (this.#tests.length > 0) return;
    const here = process.cwd();
    const { takeTests } = await import(pathToFileURL(join(here, "scripts/mutants/vitest-in-process.js")).href);
    for (const file of killersIn(here)) {
      await import(pathToFileURL(join(here, file.replace(/ts$/, "js"))).href);
      this.#tests.push(...takeTests(file));
    }
    const times = known(join(here, TIMES));
    this.#tests.sort((a, b) => (times[a.id] ?? 0) - (times[b.id] ?? 0));
  }

  async dryRun({ coverageAnalysis }) {
    this.#context.quiet = false;
    await this.#load();
    const tests = [];
    for (const test of this.#tests) {
      if (coverageAnalysis === "perTest") this.#context.currentTestId = test.id;
      const begin = performance.now();
      const failureMessage = await failureOf(test);
      this.#context.currentTestId = undefined;
      const result = { id: test.id, name: test.id, fileName: test.file, timeSpentMs: performance.now() - begin };
      if (failureMessage === undefined) tests.push({ ...result, status: TestStatus.Success });
      else tests.push({ ...result, status: TestStatus.Failed, failureMessage });
    }
    const times = Object.fromEntries(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    this.#hits = this.#context.mutantCoverage ?? {};
    writeFileSync(join(process.cwd(), TIMES), JSON.stringify(times));
    writeFileSync(join(process.cwd(), HITS), JSON.stringify(this.#hits));
    this.#tests.sort((a, b) => times[a.id] - times[b.id]);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#context.mutantCoverage };
  }

  async mutantRun(options) {
    // What is thrown here has Stryker try the mutant again, in a new process.
    if (this.#spoilt) throw new Error("another mutant spoilt this process");
    const { result, by } = await this.#try(options);
    const fresh = this.#fresh;
    this.#fresh = false;
    // What the mutants before had remembered (`table[key] ??= made`) would hide that one no longer is.
    const hidden =
      result.status === MutantRunStatus.Survived && options.activeMutant.mutatorName === "AssignmentOperator";
    if (hidden && !fresh) {
      this.#spoilt = true;
      throw new Error("another mutant spoilt this process");
    }
    // Was it the mutant? Without it the test must succeed, unless an earlier mutant left something behind, or this one did.
    if (by !== undefined && (await failureOf(by)) !== undefined) {
      this.#spoilt = true;
      if (!fresh) throw new Error("another mutant spoilt this process");
    }
    return result;
  }

  async #try({ activeMutant, mutantActivation, testFilter, hitLimit }) {
    const context = this.#context;
    context.quiet = true;
    this.#hits ??= known(join(process.cwd(), HITS));
    const { static: atLoading, perTest } = this.#hits;
    const begin = (usual) => {
      context.hitCount = hitLimit === undefined ? undefined : 0;
      context.hitLimit = Math.min(hitLimit ?? 0, HITS_FACTOR * (usual?.[activeMutant.id] ?? 0) + HITS_TO_SPARE);
    };
    begin(atLoading);
    const staticOne = mutantActivation === "static";
    if (staticOne) context.activeMutant = activeMutant.id;
    let failure;
    try {
      await this.#load();
    } catch (error) {
      // A mutant with which nothing loads is a dead one.
      failure = error;
    }
    if (failure !== undefined) {
      this.#spoilt = true;
      return { result: killed("loading", failure instanceof Error ? failure.message : "it threw", 0) };
    }
    context.activeMutant = activeMutant.id;
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    let ran = 0;
    try {
      for (const test of this.#tests) {
        if (wanted !== undefined && !wanted.has(test.id)) continue;
        ran += 1;
        begin(perTest?.[test.id]);
        const failureMessage = await failureOf(test);
        const timeout = determineHitLimitReached(context.hitCount, context.hitLimit);
        if (timeout !== undefined) {
          return { result: { status: MutantRunStatus.Timeout, reason: timeout.reason }, by: test };
        }
        if (failureMessage !== undefined) return { result: killed(test.id, failureMessage, ran), by: test };
      }
    } finally {
      context.activeMutant = undefined;
      context.hitCount = undefined;
    }
    return { result: { status: MutantRunStatus.Survived, nrOfTests: ran } };
  }
}

function killed(by, failureMessage, nrOfTests) {
  return { status: MutantRunStatus.Killed, killedBy: [by], failureMessage, nrOfTests };
}

async function failureOf({ run }) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : String(error);
  }
}

function killersIn(here) {
  const of = (folder, end) =>
    readdirSync(join(here, folder), { recursive: true })
      .map((path) => join(folder, String(path)).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(end) && !LEFT_OUT.includes(path))
      .sort();
  return [...of("src/fsm", ".test.ts"), ...of("src/protocol", ".test.ts"), ...of("scripts/mutants", ".killer.ts")];
}

/** JavaScript beside each file of TypeScript; what says "vitest" gets the stand-in. */
async function compile(here) {
  const entryPoints = [join(here, SETUP)];
  for (const folder of SOURCES) {
    for (const path of readdirSync(join(here, folder), { recursive: true })) {
      if (String(path).endsWith(".ts") && !String(path).endsWith(".d.ts"))
        entryPoints.push(join(here, folder, String(path)));
    }
  }
  const standIn = join(here, "scripts/mutants/vitest-in-process.js");
  const made = await build({ entryPoints, outdir: here, outbase: here, format: "esm", target: "es2023", write: false });
  for (const { path, text } of made.outputFiles) {
    const url = pathToFileURL(standIn).href;
    const js = text.replaceAll(/from "vitest"/g, `from ${JSON.stringify(url)}`);
    // Who passes where is counted when nothing is mutated. To count on afterwards would take half of the time.
    // Two processes may be at it: neither reads half a file.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, js.replaceAll("function cover() {", "function cover() { if (ns.quiet) return;"));
    renameSync(unfinished, path);
  }
  writeFileSync(join(here, READY), relative(here, standIn));
}

function known(path) {
  return exists(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
