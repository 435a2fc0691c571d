import type { Title } from "../../resources.ts";
import type { Field } from "../../table.ts";
import { durationText } from "../../wording.ts";

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
}

export function resultFields(result: IngestResult): readonly Field[] {
  const { title } = result;
  return [
    ["Title", title.title],
    ["ID", title.id],
    ["State", title.state],
    ["Length", durationText(result.duration_seconds)],
    ["Video", result.heights.map((height) => `${height}p`).join(", ")],
    ["Package", result.package_id],
    ["Job", result.job_id],
  ];
}

export function describeResult({ title, unchanged }: IngestResult, publish: boolean): string {
  const then = publish ? ", and published it" : "";
  if (!unchanged) return `Ingested ${title.title}${then}.`;
  const published = publish ? " It is published." : "";
  return `${title.title} plays this file with these settings already: nothing was encoded.${published} Encode it again with --force.`;
}
