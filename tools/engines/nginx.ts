import { existsSync } from "node:fs";
import { provideDebianPackage } from "./debian-package.ts";
import type { EngineProgram } from "./engine.ts";

const path = "/usr/sbin/nginx";

/** nginx of Debian's package; what it serves is the example's configuration. */
export const nginx: EngineProgram = {
  name: "nginx",
  provide: () => provideDebianPackage("nginx", path),
  find: () => (existsSync(path) ? path : undefined),
};
