import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readDashManifest } from "../package/dash-manifest.ts";
import { EncoderError, throwIfAborted } from "../errors.ts";
import { fps } from "../plan/frame-rate.ts";
import { readMasterPlaylist } from "../package/hls-manifest.ts";
import type { Inspection, VerifyOptions } from "./inspection.ts";
import { layout } from "../package/layout.ts";
import { verifyProtection } from "./verify-protection.ts";
import { verifyPictures } from "./verify-pictures.ts";
import { type RenditionFacts, verifyRendition, verifyText } from "./verify-rendition.ts";

export interface VerifiedPackage {
  renditions: RenditionFacts[];
  frames: number;
  durationSeconds: number;
}

/** Checks every output of a package against its plan; nothing is uploaded that has not passed. Throws `verify_failed`. */
export async function verifyPackage(options: VerifyOptions): Promise<VerifiedPackage> {
  const inspection = await openInspection(options);
  const { plan, problems } = inspection;
  const all = [...plan.video, ...plan.audio];
  const renditions: RenditionFacts[] = [];
  for (const [index, rendition] of all.entries()) {
    throwIfAborted(options.signal);
    const facts = await verifyRendition(inspection, rendition);
    if (facts) renditions.push(facts);
    if (facts) await verifyProtection(inspection, rendition);
    options.onProgress?.((index + 1) / (all.length + 1));
  }
  for (const text of plan.text) {
    const facts = await verifyText(inspection, text);
    if (facts) renditions.push(facts);
  }
  const frames = verifyTogether(inspection, renditions);
  await verifyPictures(inspection, frames);
  if (problems.length > 0) throw failed(problems);
  return { renditions, frames, durationSeconds: frames / fps(plan.frameRate) };
}

async function openInspection(options: VerifyOptions): Promise<Inspection> {
  const [hls, dash] = await Promise.all(
    [layout.hls, layout.dash].map((path) => readFile(join(options.folder, path), "utf8").catch(() => "")),
  );
  const inspection: Inspection = {
    ...options,
    hls: readMasterPlaylist(hls ?? ""),
    dash: readDashManifest(dash ?? ""),
    problems: [],
  };
  // Each group of sound has variants of its own for the same pictures.
  if (new Set(inspection.hls.variants).size !== options.plan.video.length) {
    inspection.problems.push(`${layout.hls} has ${new Set(inspection.hls.variants).size} variants`);
  }
  if (!inspection.dash.isStatic) inspection.problems.push(`${layout.dash} is not of type static`);
  return inspection;
}

/** All video renditions have the same frames and cuts, as many as the source, and the sound covers them. */
function verifyTogether({ plan, dash, problems }: Inspection, renditions: readonly RenditionFacts[]): number {
  const video = renditions.filter(({ type }) => type === "video");
  const frames = video[0]?.sampleCount ?? 0;
  const seconds = frames / fps(plan.frameRate);
  if (Math.abs(frames - plan.expectedFrames) > 1) {
    problems.push(`the renditions have ${frames} frames where the source has ${plan.expectedFrames}`);
  }
  for (const { id, sampleCount, cuts } of video) {
    if (sampleCount !== frames)
      problems.push(`${id} has ${sampleCount} frames and the best rendition ${frames}`);
    if (cuts.join() !== video[0]?.cuts.join())
      problems.push(`the segments of ${id} do not begin with those of the best rendition`);
  }
  for (const { id, durationSeconds } of renditions.filter(({ type }) => type === "audio")) {
    if (durationSeconds < seconds - 0.1)
      problems.push(`${id} ends ${(seconds - durationSeconds).toFixed(2)} s before the picture`);
  }
  if (Math.abs(dash.durationSeconds - seconds) > 0.5 && plan.audio.length === 0) {
    problems.push(`${layout.dash} says ${dash.durationSeconds} s, the picture lasts ${seconds} s`);
  }
  return frames;
}

function failed(problems: readonly string[]): EncoderError {
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : "";
  return new EncoderError("verify_failed", {
    message: `The finished package is not what was planned: ${problems.slice(0, 3).join("; ")}${more}.`,
    hint: "Nothing was uploaded. Check the master by playing it to its end, and run `flix doctor`.",
  });
}
