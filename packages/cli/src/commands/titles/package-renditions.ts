import type { JsonFields } from "../../json-fields.ts";
import type { Column } from "../../table.ts";
import { bitrateText, sizeText } from "../../wording.ts";
import { facts } from "./package-facts.ts";

/** One rendition: what was measured of it, what was planned, and its files. */
interface RenditionRow {
  measured: JsonFields;
  planned: JsonFields | undefined;
  sizeBytes: number;
}

export const renditionColumns: readonly Column<RenditionRow>[] = [
  { header: "RENDITION", value: ({ measured }) => measured.text("id") },
  { header: "SHOWS", value: showsText },
  { header: "CODEC", value: ({ measured }) => measured.text("codec"), flexible: true },
  { header: "CRF", value: ({ planned }) => planned?.number("crf"), align: "right" },
  { header: "RATE", value: ({ measured }) => rateText(measured.number("bitrate_bps")), align: "right" },
  { header: "PEAK", value: ({ measured }) => rateText(measured.number("peak_bitrate_bps")), align: "right" },
  { header: "VMAF", value: ({ measured }) => qualityText(measured), align: "right" },
  { header: "SIZE", value: ({ sizeBytes }) => sizeText(sizeBytes), align: "right" },
];

export function renditionsOf(report: JsonFields): RenditionRow[] {
  const plan = report.object("plan");
  const planned = [...plan.list("video"), ...plan.list("audio"), ...plan.list("text")];
  const files = report.list("files");
  return report.list("renditions").map((measured) => {
    const id = measured.text("id");
    const own = files.filter((file) => file.text("path")?.startsWith(`${id}/`));
    const sizeBytes = own.reduce((sum, file) => sum + (file.number("size_bytes") ?? 0), 0);
    return { measured, planned: planned.find((rendition) => rendition.text("id") === id), sizeBytes };
  });
}

function showsText({ measured }: RenditionRow): string | undefined {
  const [width, height] = [measured.number("width"), measured.number("height")];
  if (width !== undefined && height !== undefined) return `${width}x${height}`;
  const channels = measured.number("channels");
  const role = measured.text("role");
  return facts(
    measured.text("language"),
    channels === undefined ? undefined : `${channels} ch`,
    role === "main" ? undefined : role,
  );
}

function rateText(bitsPerSecond: number | undefined): string | undefined {
  return bitsPerSecond === undefined ? undefined : bitrateText(bitsPerSecond);
}

/** The mean over the whole film; where the encoder's ffmpeg has no libvmaf it is another measure, and says so. */
function qualityText(measured: JsonFields): string | undefined {
  const [vmaf, ssim] = [measured.object("vmaf").number("mean"), measured.object("ssim").number("mean")];
  if (vmaf !== undefined) return vmaf.toFixed(1);
  return ssim === undefined ? undefined : `SSIM ${ssim.toFixed(3)}`;
}

/** Beside the mean: a mean hides a scene that fell apart. */
export const qualityColumns: readonly Column<RenditionRow>[] = [
  { header: "RENDITION", value: ({ measured }) => measured.text("id") },
  { header: "HARMONIC MEAN", value: ({ measured }) => scoreText(measured, "harmonic_mean"), align: "right" },
  { header: "WORST 1 %", value: ({ measured }) => scoreText(measured, "p1"), align: "right" },
  { header: "FRAMES", value: ({ measured }) => measured.object("vmaf").number("frames"), align: "right" },
  { header: "MODEL", value: ({ measured }) => measured.object("vmaf").text("model"), flexible: true },
];

function scoreText(measured: JsonFields, pool: "harmonic_mean" | "p1"): string | undefined {
  return measured.object("vmaf").number(pool)?.toFixed(1);
}

export function isJudged({ measured }: RenditionRow): boolean {
  return measured.object("vmaf").number("mean") !== undefined;
}

export const soundColumns: readonly Column<JsonFields>[] = [
  { header: "RENDITION", value: (sound) => sound.text("id") },
  { header: "MASTER", value: (sound) => loudnessOf(sound, "input"), align: "right" },
  { header: "NOW", value: (sound) => loudnessOf(sound, "output"), align: "right" },
  {
    header: "TARGET",
    value: (sound) => unitText(sound.object("loudness").number("target_lkfs"), "LKFS"),
    align: "right",
  },
  {
    header: "GAIN",
    value: (sound) => unitText(sound.object("loudness").number("gain_db"), "dB"),
    align: "right",
  },
  {
    header: "PEAK",
    value: (sound) => unitText(sound.object("loudness").object("output").number("true_peak_dbtp"), "dBTP"),
    align: "right",
  },
];

function loudnessOf(sound: JsonFields, which: "input" | "output"): string | undefined {
  return unitText(sound.object("loudness").object(which).number("integrated_lkfs"), "LKFS");
}

function unitText(value: number | undefined, unit: string): string | undefined {
  return value === undefined ? undefined : `${value.toFixed(1)} ${unit}`;
}

/** Why a rendition that was encoded is not in the package. */
export function droppedText(dropped: JsonFields): string {
  const by = dropped.object("by");
  const cost = (rendition: JsonFields) =>
    facts(
      bitrateText((rendition.number("kbps") ?? 0) * 1000),
      rendition.object("score").number("mean")?.toFixed(1),
    );
  return `${dropped.text("id") ?? ""} (${cost(dropped)}): ${by.text("id") ?? "another"} (${cost(by)}) is as good for less`;
}
