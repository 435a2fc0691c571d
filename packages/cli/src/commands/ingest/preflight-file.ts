import type { CurrentEncode, Preflight, PreflightOptions, Problem } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import { CliError } from "../../errors.ts";
import type { Output } from "../../output.ts";
import type { Title } from "../../resources.ts";
import { shownMaster } from "./master-address.ts";

/** A master, and everything that can be told of it before a frame is encoded. */
export interface CheckedFile {
  /** As it is told to people: without what grants access to an address. */
  file: string;
  found: Preflight;
}

export async function checkFile(
  file: string,
  options: Omit<PreflightOptions, "input">,
): Promise<CheckedFile> {
  const { preflight } = await import("@flix/encoder");
  return { file: shownMaster(file), found: await preflight({ ...options, input: file }) };
}

/** Told before anything reaches the platform. */
export function requireIngestable({ found }: CheckedFile, output: Output): void {
  for (const { code, message } of found.warnings) output.note(`warning: ${message} [${code}]`);
  const [first, ...rest] = found.problems;
  if (!first) return;
  for (const { code, message } of rest) output.note(`error: ${message} [${code}]`);
  throw problemError(first);
}

export function problemError({ code, message, hint }: Problem): CliError {
  return new CliError(code, { message, fix: hint });
}

/** What the title plays, as far as preflight can compare it with what an ingest would make. */
export async function currentEncodeOf(flix: Flix, title: Title): Promise<CurrentEncode | undefined> {
  if (!title.playable) return undefined;
  const { data } = await flix.listPackages({ title_id: title.id, state: "ready", page_size: 100 });
  const current = data.find((candidate) => candidate.current);
  if (current?.encode_key === undefined) return undefined;
  const asset = current.asset_id && (await flix.getAsset({ asset_id: current.asset_id }));
  const source = asset ? { sizeBytes: asset.size_bytes, sha256: asset.sha256 } : undefined;
  return { encodeKey: current.encode_key, source };
}
