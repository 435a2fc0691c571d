/** `pnpm check`: all that can be said about the tree without running it. Every check runs; all failures are told. */
import { execFile } from "node:child_process";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkImports } from "./import-rules/check.ts";

const root = join(import.meta.dirname, "..");
const binary = (name: string, folder = ".") => join(root, folder, "node_modules/.bin", name);
const typescript = join(root, "node_modules/@typescript/native/bin/tsc");

interface Check {
  name: string;
  /** Problems found; none is a pass. A `skipped` says why a check could not be made here. */
  run: () => Promise<string[] | { skipped: string }>;
}

const checks: Check[] = [
  { name: "format", run: () => command(binary("oxfmt"), ["--check"]) },
  { name: "lint", run: () => command(binary("oxlint"), ["--type-aware", "--deny-warnings"]) },
  { name: "types", run: checkTypes },
  {
    name: "contract",
    run: () =>
      command(binary("redocly", "openapi"), ["lint", "flix.yaml", "--config", "redocly.yaml"], "openapi"),
  },
  { name: "generated files", run: () => command(process.execPath, ["tools/generate.ts", "--check"]) },
  { name: "import rules", run: checkImports },
  { name: "pinned dependencies", run: checkPins },
  { name: "vulnerable dependencies", run: checkAdvisories },
];

let failed = 0;
for (const { name, run } of checks) {
  const startedMs = performance.now();
  const result = await run();
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (!Array.isArray(result)) console.log(`skipped  ${name}: ${result.skipped}`);
  else if (result.length === 0) console.log(`passed   ${name} (${seconds} s)`);
  else {
    failed += 1;
    console.log(`FAILED   ${name}\n${result.join("\n")}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function command(program: string, args: string[], folder = "."): Promise<string[]> {
  return new Promise((resolve) => {
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    execFile(
      program,
      args,
      { cwd: join(root, folder), env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve(error ? [`${stdout}${stderr}`.trim() || error.message] : []),
    );
  });
}

async function checkTypes(): Promise<string[]> {
  const problems: string[] = [];
  for await (const project of glob(["tsconfig.json", "{openapi,packages/*,examples/*}/tsconfig.json"], {
    cwd: root,
  })) {
    problems.push(...(await command(process.execPath, [typescript, "-p", project])));
  }
  return problems;
}

/** Every dependency names one version: what was tested is what is installed. */
async function checkPins(): Promise<string[]> {
  const problems: string[] = [];
  for await (const file of glob(["package.json", "{openapi,packages/*,examples/*}/package.json"], {
    cwd: root,
  })) {
    const manifest = JSON.parse(await readFile(join(root, file), "utf8"));
    for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        if (!/^(workspace:\*|(npm:[@\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?)$/.test(String(version))) {
          problems.push(`${file}: ${name} is not pinned exactly: ${String(version)}`);
        }
      }
    }
  }
  return problems;
}

/** Asks the registry for advisories; one that does not serve them cannot be asked. */
async function checkAdvisories(): Promise<string[] | { skipped: string }> {
  const [output] = await command("npx", ["-y", "pnpm@12", "audit", "--prod", "--audit-level", "high"]);
  if (output === undefined) return [];
  if (/ERR_PNPM_AUDIT_(BAD_RESPONSE|ENDPOINT_NOT_EXISTS)|ENOTFOUND|ECONNREFUSED/.test(output)) {
    return {
      skipped: "the package registry did not answer the audit request; run `npx pnpm@12 audit` where it does",
    };
  }
  return [output];
}
