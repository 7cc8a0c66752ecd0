// The page of the command line is what the tool's own help says.
import { format } from "prettier";
import { expect, test } from "vitest";
import { cliPage } from "./cli-doc.js";

test("docs/reference/cli.md is fresh", async () => {
  const page = await format(cliPage(), { parser: "markdown", printWidth: 120 });
  await expect(page).toMatchFileSnapshot("../docs/reference/cli.md");
});
