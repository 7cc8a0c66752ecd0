// The page of reports is what their schema says.
import { format } from "prettier";
import { expect, test } from "vitest";
import { reportPage } from "./report-doc.js";

test("docs/reference/report.md is fresh", async () => {
  const page = await format(reportPage(), { parser: "markdown", printWidth: 120 });
  await expect(page).toMatchFileSnapshot("../docs/reference/report.md");
});
