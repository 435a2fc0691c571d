/** Holds the import rules over the tree, and proves with the fixture that each rule bites. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import rules from "../../.dependency-cruiser.mjs";

const root = join(import.meta.dirname, "../..");
const fixture = "tools/import-rules/fixture";

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

/** One line for each import that breaks a rule, and for each rule that the fixture's breach did not set off. */
export async function checkImports(): Promise<string[]> {
  const [found, proof] = await Promise.all([
    cruise(["packages", "examples"], {}),
    cruise([fixture], { FLIX_IMPORT_FIXTURE: "1" }),
  ]);
  const bitten = new Set(proof.map(({ rule }) => rule.name));
  return [
    ...found.map(({ from, to, rule }) => `${from} imports ${to}: ${rule.name}`),
    ...rules.forbidden
      .filter(({ name }) => !bitten.has(name))
      .map(({ name }) => `The rule ${name} did not bite in ${fixture}`),
  ];
}

function cruise(folders: string[], environment: Record<string, string>): Promise<Violation[]> {
  const program = join(root, "node_modules/.bin/depcruise");
  const args = ["--config", ".dependency-cruiser.mjs", "--output-type", "json", ...folders];
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...environment }, maxBuffer: 256 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      // It exits with the number of violations; only an answer that is no JSON is a failure of its own.
      try {
        resolve(JSON.parse(stdout).summary.violations);
      } catch {
        reject(new Error(stderr || error?.message));
      }
    });
  });
}
