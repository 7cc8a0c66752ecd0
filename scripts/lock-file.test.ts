// The lock file must install anywhere: it names every platform's native packages, and no registry.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

it("every optional package of every platform is locked (else run scripts/complete-lock.js)", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, locked]) =>
    Object.keys(locked.optionalDependencies ?? {}).filter(
      (name) =>
        lock.packages[`${path}/node_modules/${name}`] === undefined &&
        lock.packages[`node_modules/${name}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
});

it("no package names the place it came from", () => {
  const resolved = Object.values(lock.packages).flatMap((locked) => locked.resolved ?? []);
  expect(resolved).toEqual([]);
});
