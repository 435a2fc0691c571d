import type { EncodeOptions, IngestedPackage } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import type { CommandContext } from "../../context.ts";
import { showProgress } from "../../progress-display.ts";
import type { Title } from "../../resources.ts";
import type { IngestResult } from "./result.ts";

type Master = EncodeOptions & { force: boolean };

/** Runs the encoder's pipeline and shows how far it is. What viewers see changes last of all. */
export async function encodeAndSend(
  { flix, title, master, publish }: { flix: Flix; title: Title; master: Master; publish: boolean },
  { host, output }: Pick<CommandContext, "host" | "output">,
): Promise<IngestResult> {
  const encoder = await import("@flix/encoder");
  const display = await showProgress(host, output.json);
  const onProgress: EncodeOptions["onProgress"] = ({ stage, fraction, speed, etaSeconds }) =>
    display.update({ stage, fraction, speed: speed ?? undefined, etaSeconds: etaSeconds ?? undefined });
  try {
    const { client } = flix;
    const sent = await encoder.ingest({ ...master, client, titleId: title.id, onProgress });
    return { title: await publishIf(publish, flix, title.id), ...factsOf(sent) };
  } finally {
    display.stop();
  }
}

function factsOf(sent: IngestedPackage): Omit<IngestResult, "title"> {
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
    };
  }
  return {
    unchanged: false,
    job_id: sent.jobId,
    package_id: sent.packageId,
    asset_id: sent.assetId,
    digest: sent.digest,
    reused: sent.reused,
    duration_seconds: sent.report.durationSeconds,
    heights: sent.report.plan.video.map(({ height }) => height),
  };
}

async function publishIf(publish: boolean, flix: Flix, titleId: string): Promise<Title> {
  const title = await flix.getTitle({ title_id: titleId });
  return publish && title.state !== "published" ? flix.publishTitle({ title_id: titleId }) : title;
}
