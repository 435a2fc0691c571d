#!/usr/bin/env node
import module from "node:module";
import { version } from "./version.ts";

// Compiled code is kept from one run to the next; nothing that a question about the version does not need is loaded.
module.enableCompileCache?.();

const [only, ...more] = process.argv.slice(2);
if (more.length === 0 && (only === "--version" || only === "-V")) process.stdout.write(`${version}\n`);
else await start();

async function start(): Promise<void> {
  const major = Number(process.versions.node.split(".", 1)[0]);
  if (major < 22) {
    process.stderr.write(
      `error: flix needs Node 22 or later, and this is ${process.version}\nnext:  Install it from https://nodejs.org, then run the same command again.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const { runProcess } = await import("./run-process.ts");
  process.exitCode = await runProcess(process);
}
