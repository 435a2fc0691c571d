import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

export interface Workflow {
  permissions: Record<string, string>;
  jobs: { publish: { steps: Step[] } };
}

export interface Step {
  id?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}

export async function readWorkflow(path: string): Promise<Workflow> {
  return parse(await readFile(path, "utf8")) as Workflow;
}

export interface StepRun {
  code: unknown;
  stderr: string;
  outputs: Record<string, string>;
  summary: string;
}

interface Runner {
  /** The checkout; the runner's own files lie there too. */
  folder: string;
  /** What `${{ ... }}` stands for. */
  values: Record<string, string>;
  path: string;
}

/** Runs a step as a GitHub runner on Linux does, where nobody is signed in to anything. */
export async function runStep(
  { run = "", env = {} }: Step,
  { folder, values, path }: Runner,
): Promise<StepRun> {
  const [outputFile, summaryFile] = [join(folder, "outputs"), join(folder, "summary")];
  await Promise.all([outputFile, summaryFile].map((file) => writeFile(file, "")));
  const filled = Object.entries(env).map(([name, value]) => [name, evaluate(value, values)]);
  const { promise, resolve } = Promise.withResolvers<Pick<StepRun, "code" | "stderr">>();
  const options = {
    cwd: folder,
    env: {
      ...Object.fromEntries(filled),
      PATH: path,
      HOME: folder,
      CI: "true",
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
    },
  };
  execFile("sh", ["-e", "-c", evaluate(run, values)], options, (error, _, stderr) =>
    resolve({ code: error ? error.code : 0, stderr }),
  );
  const ended = await promise;
  const lines = (await readFile(outputFile, "utf8")).trim().split("\n").filter(Boolean);
  const outputs = Object.fromEntries(lines.map((line) => line.split("=", 2)));
  return { ...ended, outputs, summary: await readFile(summaryFile, "utf8") };
}

function evaluate(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`The workflow asks for ${expression}, which nothing sets`);
    return value;
  });
}
