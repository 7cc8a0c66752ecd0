// The pages of docs/reference that are written by scripts say what the code says. Needs `npm run build` before, for the API.
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { apiPage, partsOfLibrary } from "./api-doc.js";
import { faultsPage } from "./faults-doc.js";
import { scenariosPage } from "./scenarios-doc.js";

test.each([
  ["faults", faultsPage],
  ["scenarios", scenariosPage],
  ["api", apiPage],
])("docs/reference/%s.md is fresh", async (name, page) => {
  const text = await format(page(), { parser: "markdown", printWidth: 120 });
  await expect(text).toMatchFileSnapshot(`../docs/reference/${name}.md`);
});

describe("the library's face", () => {
  const exported = partsOfLibrary().flatMap(({ exports }) => exports);

  test("everything that is exported says what it is", () => {
    expect(exported.length).toBeGreaterThan(100);
    expect(exported.filter(({ doc }) => doc === "").map(({ name }) => name)).toEqual([]);
  });

  test("what defines something shows how", () => {
    const makers = exported.filter(({ name }) => /^(define[A-Z]|simulate)/.test(name));
    expect(makers.map(({ name }) => name).sort()).toEqual([
      "defineFault",
      "defineModel",
      "defineProperty",
      "defineScenario",
      "defineService",
      "defineWorkload",
      "simulate",
    ]);
    for (const { name, doc } of makers) expect(doc, name).toMatch(/^ {4}\S/m);
  });

  test("declarations are whole", () => {
    const fault = exported.find(({ name }) => name === "FaultKind");
    expect(fault?.declaration).toMatch(/^interface FaultKind \{[^]*\n\}$/);
    const simulate = exported.find(({ name }) => name === "simulate");
    expect(simulate?.declaration).toMatch(/^function simulate\(.*\): Simulation;$/);
  });
});
