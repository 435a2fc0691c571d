import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { EncodedPackage } from "../src/build.ts";
import { readProgram } from "../src/programs/ffmpeg.ts";
import { programs } from "./clips.ts";

/** Every segment of every rendition, by a decoder that forgives nothing; undefined where it finds nothing. */
export async function decodeProblem({ folder, report }: EncodedPackage): Promise<string | undefined> {
  const { ffmpeg } = await programs();
  for (const { id } of report.renditions.filter(({ type }) => type !== "text")) {
    const names = (await readdir(join(folder, id))).filter((name) => name.endsWith(".m4s"));
    const segments = names.map((_, index) => `${id}/${index + 1}.m4s`);
    const input = `concat:${[`${id}/init.mp4`, ...segments].join("|")}`;
    const strict = ["-v", "error", "-xerror", "-err_detect", "explode"];
    const args = [...strict, "-protocol_whitelist", "concat,file", "-i", input, "-f", "null", "-"];
    const { exitCode, stderr } = await readProgram(ffmpeg.path, args, { folder });
    if (exitCode !== 0 || stderr.trim() !== "") return `${id}: ${stderr.slice(0, 300)}`;
  }
  return undefined;
}
