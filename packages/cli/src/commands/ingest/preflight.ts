import type { Preflight, PreflightOptions } from "@flix/encoder";
import { CliError } from "../../errors.ts";
import type { Output } from "../../output.ts";
import type { Field } from "../../table.ts";
import { durationText } from "../../wording.ts";

/** Everything that can be told before a frame is encoded, told before anything reaches the platform. */
export async function requireIngestable(options: PreflightOptions, output: Output): Promise<Preflight> {
  const { preflight } = await import("@flix/encoder");
  const found = await preflight(options);
  for (const { code, message } of found.warnings) output.note(`warning: ${message} [${code}]`);
  const [first, ...rest] = found.problems;
  if (!first) return found;
  for (const { code, message } of rest) output.note(`error: ${message} [${code}]`);
  throw new CliError(first.code, { message: first.message, fix: first.hint });
}

export function preflightFields({ source, plan, predictedBytes }: Preflight): readonly Field[] {
  const video = source?.video;
  return [
    ["Master", video && `${video.codec}, ${video.displayWidth}x${video.displayHeight}`],
    ["Length", durationText(source?.durationSeconds ?? undefined)],
    ["Video", plan?.video.map(({ height }) => `${height}p`).join(", ")],
    ["Audio", plan?.audio.map(({ language }) => language).join(", ")],
    ["Subtitles", plan?.text.map(({ language }) => language).join(", ")],
    ["Size", predictedBytes === null ? undefined : `about ${Math.ceil(predictedBytes / 1e6)} MB`],
  ];
}
