// The real browser that the page is tested in: Debian's Chromium, driven by playwright-core. Nothing is downloaded; where there is
// none, the tests say so and are left out, unless MULTIRAFT_SIM_BROWSER=required.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where the browser is; undefined without one. */
export function browserPath(): string | undefined {
  const named = process.env["MULTIRAFT_SIM_CHROMIUM"];
  const found = (named === undefined ? PLACES : [named]).find((path) => existsSync(path));
  if (found === undefined && process.env["MULTIRAFT_SIM_BROWSER"] === "required") {
    throw new Error("MULTIRAFT_SIM_BROWSER=required, and there is no Chromium: apt-get install chromium");
  }
  return found;
}

/** One browser for all tests of a file, and what its pages did. */
export class Lab {
  readonly #folder = mkdtempSync(join(tmpdir(), "multiraft-sim-page-"));
  readonly #shots = join(process.cwd(), ".multiraft-sim/screenshots");
  #browser: Browser | undefined;
  /** What pages wrote on their console as an error, and what they threw. */
  readonly complaints: string[] = [];
  /** What pages asked for beside themselves. */
  readonly requests: string[] = [];

  async open(html: string, name: string, colorScheme: "light" | "dark" = "light"): Promise<Page> {
    this.#browser ??= await chromium.launch({
      executablePath: browserPath() as string,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
      ],
    });
    const path = join(this.#folder, `${name}.html`);
    writeFileSync(path, html);
    const page = await this.#browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme });
    const own = pathToFileURL(path).href;
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    await page.route("**", (route) => {
      if (route.request().url() === own) return route.continue();
      this.requests.push(route.request().url());
      return route.abort();
    });
    await page.goto(own);
    await page.waitForSelector("#app:not([aria-busy]), [role=alert]");
    return page;
  }

  /** Keeps a picture of the page, for a person to look at. */
  async keep(page: Page, name: string): Promise<void> {
    mkdirSync(this.#shots, { recursive: true });
    await page.screenshot({ path: join(this.#shots, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
