import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { EngineMissing, type Program } from "./engine.ts";

/** `group:name:version`; all that they need at run time comes along. */
export type Artifact = `${string}:${string}:${string}`;

const run = promisify(execFile);

/** A folder of jars of published artifacts (Maven checks their digests), kept in the cache. The first one names it. */
export async function provideMavenArtifacts(
  cache: string,
  artifacts: readonly [Artifact, ...Artifact[]],
): Promise<Program> {
  const [, name = "", version = ""] = artifacts[0].split(":");
  await requireProgram(
    "java",
    "install a Java runtime of version 17 or later: apt-get install default-jre-headless",
  );
  const path = join(cache, `${name}-${version}`);
  if (existsSync(path)) return { path, version };
  await requireProgram("mvn", "its jars come from Maven Central: install Maven (apt-get install maven)");
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    await writeFile(join(draft, "pom.xml"), projectWith(artifacts));
    const copy = ["--quiet", "--batch-mode", "dependency:copy-dependencies", "-DincludeScope=runtime"];
    await run("mvn", [...copy, "-DoutputDirectory=jars"], { cwd: draft, maxBuffer: 64 * 1024 * 1024 });
    await rename(join(draft, "jars"), path);
  } catch (error) {
    const said = error instanceof Error && "stdout" in error ? String(error.stdout).trim() : String(error);
    throw new EngineMissing(`Maven could not get ${artifacts[0]}: ${said.split("\n")[0]}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { path, version };
}

async function requireProgram(program: string, otherwise: string): Promise<void> {
  await run(program, ["--version"]).catch(() => Promise.reject(new EngineMissing(otherwise)));
}

function projectWith(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>flix</groupId><artifactId>engine</artifactId><version>1</version>
  <dependencies>
    ${dependencies.join("\n    ")}
  </dependencies>
</project>
`;
}
