import type { JsonFields } from "../json-fields.ts";

/** Which field comes first in time; "flagged" where every picture says so itself. */
export type FieldOrder = "flagged" | "top-first" | "bottom-first";

/** Their pictures say whether they are made of fields, and the container is wrong more often than they are. */
const flagging: readonly string[] = [
  "h264",
  "hevc",
  "mpeg1video",
  "mpeg2video",
  "vc1",
  "prores",
  "dvvideo",
  "dnxhd",
];

/** Whether only its pictures can tell. */
export function isFieldOrderUnknown(stream: JsonFields): boolean {
  const progressive = ["vp8", "vp9", "av1", "png", "qtrle"].includes(stream.text("codec_name") ?? "");
  return (stream.text("field_order") ?? "unknown") === "unknown" && !progressive;
}

/** Null for progressive pictures. `tb` is stored top field first and shown bottom field first. */
export function fieldOrderOf(stream: JsonFields): FieldOrder | null {
  const order = stream.text("field_order") ?? "";
  if (!["tt", "bb", "tb", "bt"].includes(order)) return null;
  if (flagging.includes(stream.text("codec_name") ?? "")) return "flagged";
  return order.endsWith("t") ? "top-first" : "bottom-first";
}
