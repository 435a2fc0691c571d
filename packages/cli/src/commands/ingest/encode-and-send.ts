import type { EncodeOptions } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import type { CommandContext } from "../../context.ts";
import { showProgress } from "../../progress-display.ts";
import type { Title } from "../../resources.ts";
import type { IngestResult } from "./result.ts";

/** Runs the encoder's pipeline and shows how far it is. What viewers see changes last of all. */
export async function encodeAndSend(
  { flix, title, master, publish }: { flix: Flix; title: Title; master: EncodeOptions; publish: boolean },
  { host, output }: Pick<CommandContext, "host" | "output">,
): Promise<IngestResult> {
  const encoder = await import("@flix/encoder");
  const display = await showProgress(host, output.json);
  const onProgress: EncodeOptions["onProgress"] = ({ stage, fraction, speed, etaSeconds }) =>
    display.update({ stage, fraction, speed: speed ?? undefined, etaSeconds: etaSeconds ?? undefined });
  try {
    const { client } = flix;
    const sent = await encoder.ingest({ ...master, client, titleId: title.id, onProgress });
    const { report } = sent;
    return {
      title: await publishIf(publish, flix, title.id),
      job_id: sent.jobId,
      package_id: sent.packageId,
      asset_id: sent.assetId,
      digest: sent.digest,
      reused: sent.reused,
      duration_seconds: report.durationSeconds,
      heights: report.plan.video.map(({ height }) => height),
    };
  } finally {
    display.stop();
  }
}

async function publishIf(publish: boolean, flix: Flix, titleId: string): Promise<Title> {
  const title = await flix.getTitle({ title_id: titleId });
  return publish && title.state !== "published" ? flix.publishTitle({ title_id: titleId }) : title;
}
