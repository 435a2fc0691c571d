import type { EncodeOptions, IngestedPackage, Preflight, Programs } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import { CliError } from "../../errors.ts";
import type { Title } from "../../resources.ts";
import { markerOf } from "../markers/marker-view.ts";
import type { EncodeFields } from "./encode-option.ts";
import { findBegun, findOrCreateTitle, type TitleBody } from "./find-title.ts";
import type { IngestResult } from "./result.ts";
import { findSeries, type SeriesFinder } from "./series.ts";
import type { NewTitle, WantedTitle } from "./wanted-title.ts";

/** One film, what it is to be encoded as, and the title that it is for. */
export interface IngestRequest {
  file: string;
  wanted: WantedTitle;
  encode: Partial<EncodeFields>;
  publish: boolean;
}

/** What several ingests of one command share, and what is this one's own. */
export interface IngestRun extends Pick<
  EncodeOptions,
  "workDir" | "turns" | "fanOut" | "hashMaster" | "signal" | "onProgress"
> {
  flix: Flix;
  programs: Programs;
  series: SeriesFinder;
  force: boolean;
  /** What preflight found. */
  found: Preflight;
  /** Nothing else is encoded meanwhile, so that what it takes tells how fast this machine is. */
  alone: boolean;
}

/** From a master that was looked at to the title that plays it. What viewers see changes last of all. */
export async function ingestTitle(request: IngestRequest, run: IngestRun): Promise<IngestResult> {
  const { flix, series, found, alone, ...options } = run;
  const { file, wanted, encode, publish } = request;
  const { ingest } = await import("@flix/encoder");
  const title = await findTitle(flix, wanted, found, series);
  const startedMs = performance.now();
  const sent = await ingest({ ...options, ...encode, input: file, client: flix.client, titleId: title.id });
  const tookSeconds = (performance.now() - startedMs) / 1000;
  if (alone) await rememberSpeed(sent, tookSeconds, run);
  return {
    title: await publishIf(publish, flix, title.id),
    ...factsOf(sent),
    ...(sent.markers ? { markers: sent.markers.map(markerOf) } : {}),
    ...predictionOf(sent, run),
    took_seconds: Math.round(tookSeconds * 10) / 10,
  };
}

/** A run that went on with the work of an earlier one was not foreseen. */
function isFromScratch(sent: IngestedPackage): sent is IngestedPackage & { unchanged: false } {
  return !sent.unchanged && !sent.reused && sent.report.chunks.every(({ reused }) => !reused);
}

function predictionOf(sent: IngestedPackage, { found, alone }: IngestRun): { predicted_seconds?: number } {
  if (!alone || !isFromScratch(sent) || found.predictedSeconds === null) return {};
  return { predicted_seconds: Math.round(found.predictedSeconds * 10) / 10 };
}

async function rememberSpeed(
  sent: IngestedPackage,
  tookSeconds: number,
  { found, programs, workDir }: IngestRun,
): Promise<void> {
  const { source, plan } = found;
  if (!isFromScratch(sent) || !source || !plan) return;
  const { recordIngest } = await import("@flix/encoder");
  await recordIngest({ source, plan }, { report: sent.report, tookSeconds }, { programs, workDir });
}

/** The title that the film is for, or would be for, as far as the platform has it; checks what it would be where it has not. */
export async function findWanted(
  flix: Flix,
  wanted: WantedTitle,
  { master }: Preflight,
): Promise<Title | undefined> {
  if ("titleId" in wanted) return flix.getTitle({ title_id: wanted.titleId });
  const { place } = wanted;
  const known = place && ("id" in place.series ? place.series.id : await findSeries(flix, place.series.name));
  // An episode of a series that is not there yet cannot be checked against it.
  if (place && known === undefined) return undefined;
  const body = bodyOf(wanted, known);
  const begun = master && (await findBegun(flix, body, master));
  if (begun) return begun;
  await flix.createTitle({ validate_only: true, body });
  return undefined;
}

async function findTitle(
  flix: Flix,
  wanted: WantedTitle,
  { master }: Preflight,
  series: SeriesFinder,
): Promise<Title> {
  if ("titleId" in wanted) return flix.getTitle({ title_id: wanted.titleId });
  if (!master) throw new CliError("not_media", { message: "The master was not read", fix: "Read it first." });
  const seriesId = wanted.place && (await series.findOrCreate(wanted.place.series));
  return findOrCreateTitle(flix, bodyOf(wanted, seriesId), master);
}

function bodyOf({ title, facts, place }: NewTitle, seriesId: string | undefined): TitleBody {
  if (!place || seriesId === undefined) return { kind: "film", title, ...facts };
  const { season: season_number, episode: episode_number } = place;
  return {
    kind: "episode",
    title,
    episode: { series_id: seriesId, season_number, episode_number },
    ...facts,
  };
}

type SentFacts = Omit<IngestResult, "title" | "took_seconds">;

function factsOf(sent: IngestedPackage): SentFacts {
  if (sent.unchanged) {
    const { id, asset_id, digest, duration_seconds, renditions } = sent.current;
    const heights = renditions.flatMap(({ type, height }) => (type === "video" && height ? [height] : []));
    const asset = asset_id === undefined ? {} : { asset_id };
    return {
      unchanged: true,
      package_id: id,
      ...asset,
      digest,
      reused: false,
      duration_seconds,
      heights: heights.toSorted((a, b) => b - a),
      warnings: [],
    };
  }
  const { report } = sent;
  return {
    unchanged: false,
    job_id: sent.jobId,
    package_id: sent.packageId,
    asset_id: sent.assetId,
    digest: sent.digest,
    reused: sent.reused,
    duration_seconds: report.durationSeconds,
    heights: report.plan.video.map(({ height }) => height),
    size_bytes: report.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    warnings: [...report.warnings, ...sent.warnings],
    proposed_markers: report.proposedMarkers.map(({ evidence: _evidence, ...proposal }) =>
      markerOf(proposal),
    ),
  };
}

async function publishIf(publish: boolean, flix: Flix, titleId: string): Promise<Title> {
  const title = await flix.getTitle({ title_id: titleId });
  return publish && title.state !== "published" ? flix.publishTitle({ title_id: titleId }) : title;
}
