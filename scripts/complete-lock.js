// Completes package-lock.json: a registry that serves one platform only leaves the native packages of all the others out of
// a lock file made from it, and `npm ci` then refuses that lock file. Run it after `npm install`; it changes nothing else.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));

const systems = ["darwin", "win32", "linux", "freebsd", "android", "openharmony", "aix", "netbsd", "openbsd", "sunos"];
const processors = [
  [/arm64|aarch64/, "arm64"],
  [/armv7|arm(-|$)/, "arm"],
  [/x64/, "x64"],
  [/ia32/, "ia32"],
  [/ppc64/, "ppc64"],
  [/riscv64/, "riscv64"],
  [/s390x/, "s390x"],
  [/loong64/, "loong64"],
  [/wasm32/, "wasm32"],
];

let added = 0;
for (const [path, holder] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(holder.optionalDependencies ?? {})) {
    if (lock.packages[`${path}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`]) continue;
    const platform = name.slice(name.lastIndexOf("/") + 1);
    const os = systems.find((system) => platform.includes(system));
    const cpu = processors.find(([pattern]) => pattern.test(platform))?.[1];
    if (cpu === undefined) continue;
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[~^]/, ""),
      cpu: [cpu],
      ...(holder.dev === true ? { dev: true } : {}),
      license: holder.license,
      optional: true,
      ...(os === undefined ? {} : { os: [os] }),
      ...(/musl/.test(platform) ? { libc: ["musl"] } : /linux.*gnu/.test(platform) ? { libc: ["glibc"] } : {}),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to package-lock.json`);
