// The page of properties is what the catalogue says.
import { format } from "prettier";
import { expect, test } from "vitest";
import { propertiesPage } from "./properties-doc.js";

test("docs/reference/properties.md is fresh", async () => {
  const page = await format(propertiesPage(), { parser: "markdown", printWidth: 120 });
  await expect(page).toMatchFileSnapshot("../docs/reference/properties.md");
});
