import type { Title } from "../../resources.ts";
import type { Field } from "../../table.ts";
import { durationText } from "../../wording.ts";

/** What `flix ingest --json` prints. */
export interface IngestResult {
  title: Title;
  job_id: string;
  package_id: string;
  asset_id: string;
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
