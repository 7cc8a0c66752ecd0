// Links the package's own command into node_modules/.bin, so that `npx multiraft-sim` works inside a clone.
// Part of `npm run build`; does nothing where the package is not the root of its node_modules.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const main = new URL("dist/src/cli/main.js", root);
if (existsSync(main)) chmodSync(main, 0o755);
const bin = new URL("node_modules/.bin/", root);
mkdirSync(bin, { recursive: true });
const link = new URL("multiraft-sim", bin);
rmSync(link, { force: true });
if (process.platform === "win32") {
  writeFileSync(new URL("multiraft-sim.cmd", bin), '@node "%~dp0\\..\\..\\dist\\src\\cli\\main.js" %*\r\n');
} else {
  symlinkSync("../../dist/src/cli/main.js", link);
}
