/**
 * Generates what follows from the contract: `pnpm generate` writes, `pnpm generate --check` fails on drift.
 *
 *   openapi/*.yaml -> openapi/generated/flix.json      the bundled contract
 *                     openapi/generated/types.ts       its types
 *                     openapi/generated/modules.ts     which operations each module owes
 *                     openapi/generated/problems.ts    every problem code
 *                     packages/sdk/src/generated/operations.ts   one SDK method an operation
 *                     examples/deploy/nginx/modules.conf         which module a path belongs to
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const contractFolder = join(root, "openapi");
const binaries = join(contractFolder, "node_modules/.bin");
const run = promisify(execFile);
const methods = ["get", "put", "post", "patch", "delete"] as const;
const notice = "// Generated from the contract by `pnpm generate`; do not edit.\n";

interface ContractOperation {
  operationId: string;
  summary: string;
  tags: [string];
}
interface Contract {
  paths: Record<string, Partial<Record<(typeof methods)[number], ContractOperation>>>;
  components: { schemas: { ProblemCode: { enum?: string[] } } };
  "x-problems"?: Problems;
}
type Problems = Record<string, { status: number; title: string; fix: string }>;
interface Operation {
  id: string;
  method: (typeof methods)[number];
  path: string;
  module: string;
  summary: string;
}

await main(process.argv.includes("--check"));

async function main(check: boolean): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "flix-generate-"));
  try {
    const files = await generate(scratch);
    const drifted = check ? await findDrift(files) : await writeAll(files);
    if (check && drifted.length > 0) {
      console.error(
        `Generated files are out of step with openapi/: ${drifted.join(", ")}\nRun: pnpm generate`,
      );
      process.exitCode = 1;
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function generate(scratch: string): Promise<Map<string, string>> {
  const contract = await bundle(join(scratch, "bundle.json"));
  const problems = await readProblems();
  contract["x-problems"] = problems;
  contract.components.schemas.ProblemCode.enum = Object.keys(problems);
  const operations = listOperations(contract);
  const json = `${JSON.stringify(contract, null, 1)}\n`;
  return new Map([
    ["openapi/generated/flix.json", json],
    ["openapi/generated/types.ts", await generateTypes(scratch, json)],
    ["openapi/generated/modules.ts", modulesSource(operations)],
    ["openapi/generated/problems.ts", problemsSource(problems)],
    ["packages/sdk/src/generated/operations.ts", sdkSource(operations)],
    ["examples/deploy/nginx/modules.conf", gatewaySource(operations)],
  ]);
}

async function bundle(output: string): Promise<Contract> {
  const entry = join(contractFolder, "flix.yaml");
  await run(join(binaries, "redocly"), ["bundle", entry, "-o", output], {
    cwd: contractFolder,
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  });
  return JSON.parse(await readFile(output, "utf8"));
}

/** Every module lists the codes that it answers with; two modules must not claim one code. */
async function readProblems(): Promise<Problems> {
  const problems: Problems = {};
  for (const file of (await readdir(contractFolder)).filter((name) => name.endsWith(".yaml")).toSorted()) {
    const module: { "x-problems"?: Problems } = parse(await readFile(join(contractFolder, file), "utf8"), {
      maxAliasCount: -1,
    });
    for (const [code, problem] of Object.entries(module["x-problems"] ?? {})) {
      if (problems[code]) throw new Error(`openapi/${file}: the problem code ${code} is listed twice`);
      problems[code] = problem;
    }
  }
  return Object.fromEntries(Object.entries(problems).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function listOperations(contract: Contract): Operation[] {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const { operationId: id, summary, tags } = operation;
      return [{ id, method, path, summary, module: tags[0] }];
    }),
  );
}

async function generateTypes(scratch: string, json: string): Promise<string> {
  const input = join(scratch, "flix.json");
  const output = join(scratch, "types.ts");
  await writeFile(input, json);
  await run(join(binaries, "openapi-typescript"), [input, "-o", output, "--default-non-nullable", "false"]);
  const reexports = 'export * from "./modules.ts";\nexport * from "./problems.ts";\n';
  return `${notice}${reexports}${await readFile(output, "utf8")}`;
}

function modulesSource(operations: Operation[]): string {
  const modules = Map.groupBy(operations, (operation) => operation.module);
  const lines = [...modules].map(
    ([module, owned]) =>
      `  ${module}: ${owned.map((operation) => JSON.stringify(operation.id)).join(" | ")};`,
  );
  return `${notice}\n/** The operations that each module must handle. */\nexport interface ModuleOperations {\n${lines.join("\n")}\n}\n`;
}

function problemsSource(problems: Problems): string {
  return `${notice}
/** Every problem code of the contract: its HTTP status, its title, and what to do next. */
export const problems = ${JSON.stringify(problems, null, 2)} as const;
export type ProblemCode = keyof typeof problems;
`;
}

/** One constant an operation, so that a browser bundle carries only the operations that it calls. */
function sdkSource(operations: Operation[]): string {
  const lines = operations.map(
    ({ id, method, path, summary }) =>
      `/** ${summary}: \`${method.toUpperCase()} ${path}\` */\n` +
      `export const ${id} = /* @__PURE__ */ operation("${id}", "${method}", "${path}");`,
  );
  const table = `/** Every operation by its id; a bundle carries it only when it is imported. */
export const operations = {\n${operations.map(({ id }) => `  ${id},`).join("\n")}\n};`;
  return `${notice}import { operation } from "../operation.ts";\n\n${lines.join("\n\n")}\n\n${table}\n`;
}

/** nginx takes the first expression that matches. */
function gatewaySource(operations: Operation[]): string {
  const modules = new Map(operations.map(({ path, module }) => [path, module]));
  const lines = [...modules].map(([path, module]) => {
    const expression = path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, (_, name) => parameterOf(name));
    return `  "~^${expression}$" ${module};`;
  });
  // What is outside the contract belongs to modules too; the player's pages are the rest.
  const others = ['  "~^/oauth/" users;', '  "~^/artwork/" catalog;', '  "~^/media/" edge;'];
  const notice = "# Generated from the contract by `pnpm generate`; do not edit.";
  return `${notice}\nmap $uri $flix_module {\n  default ops;\n${[...others, ...lines].join("\n")}\n}\n`;
}

/** A file's path goes on to the end; any other parameter has no slash in it. */
function parameterOf(name: string): string {
  return name === "file_path" ? ".+" : "[^/]+";
}

async function findDrift(files: Map<string, string>): Promise<string[]> {
  const drifted: string[] = [];
  for (const [path, content] of files) {
    const committed = await readFile(join(root, path), "utf8").catch(() => "");
    if (committed !== content) drifted.push(path);
  }
  return drifted;
}

async function writeAll(files: Map<string, string>): Promise<string[]> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return [];
}
