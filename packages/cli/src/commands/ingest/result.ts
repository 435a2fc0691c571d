import type { Warning } from "@flix/encoder";
import type { Title } from "../../resources.ts";
import type { Field } from "../../table.ts";
import { durationText, percentText, sizeText, timecodeText } from "../../wording.ts";
import type { MarkerLine } from "../markers/marker-view.ts";

/** What `flix ingest --json` prints. */
export interface IngestResult {
  title: Title;
  /** The title played this encode already: there was no job. */
  unchanged: boolean;
  job_id?: string;
  package_id: string;
  asset_id?: string;
  digest: string;
  /** The encode was of an earlier run. */
  reused: boolean;
  duration_seconds: number;
  heights: number[];
  /** Of the package. */
  size_bytes?: number;
  /** What preflight expected of this machine. */
  predicted_seconds?: number;
  took_seconds: number;
  warnings: Warning[];
  /** What the title's are now, where the ingest had some to set. */
  markers?: MarkerLine[];
  /** What the encoder takes for markers; nothing is marked before somebody says so. */
  proposed_markers?: (Omit<MarkerLine, "source"> & { confidence: number })[];
}

export function resultFields(result: IngestResult): readonly Field[] {
  const { title } = result;
  return [
    ["Title", title.title],
    ["ID", title.id],
    ["State", title.state],
    ["Length", durationText(result.duration_seconds)],
    ["Video", heightsText(result.heights)],
    ["Size", result.size_bytes === undefined ? undefined : sizeText(result.size_bytes)],
    ["Took", result.unchanged ? undefined : tookText(result)],
    ["Markers", result.markers?.map(markerText).join(", ")],
    ["Package", result.package_id],
    ["Job", result.job_id],
  ];
}

/** `1080p, 720p`; renditions of other codecs share their heights. */
export function heightsText(heights: readonly number[]): string {
  return [...new Set(heights)].map((height) => `${height}p`).join(", ");
}

export function tookText({ took_seconds: took, predicted_seconds: predicted }: IngestResult): string {
  const expected = durationText(predicted);
  return `${durationText(took)}${expected === undefined ? "" : `, predicted ${expected}`}`;
}

/** What is live now, and where, and what is left to decide. */
export function describeResult(result: IngestResult, server: string): string {
  const { title, unchanged } = result;
  const done = unchanged
    ? `${title.title} plays this file with these settings already: nothing was encoded. Encode it again with --force.`
    : `Ingested ${title.title}.`;
  return [done, whereText(title, server), ...proposalTexts(result)].join("\n");
}

function proposalTexts({ title, markers = [], proposed_markers: proposed = [] }: IngestResult): string[] {
  return proposed
    .filter(({ kind }) => !markers.some((marker) => marker.kind === kind))
    .map(({ kind, start_seconds: start, confidence }) => {
      const found = `The ${kind} seem to begin at ${timecodeText(start)} (${percentText(confidence)} sure)`;
      return `${found}: mark them with \`flix markers accept ${title.id}\`.`;
    });
}

function markerText({ kind, start_seconds: start, end_seconds: end }: MarkerLine): string {
  return `${kind} ${timecodeText(start)} to ${end === undefined ? "the end" : timecodeText(end)}`;
}

function whereText({ id, state }: Title, server: string): string {
  if (state === "published") return `Watch it at ${server}/titles/${id}`;
  return `Viewers do not see it yet: publish it with \`flix titles publish ${id}\`.`;
}
