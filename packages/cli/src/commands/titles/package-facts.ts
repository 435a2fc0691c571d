import type { JsonFields } from "../../json-fields.ts";
import type { Package } from "../../resources.ts";
import type { Field } from "../../table.ts";
import { durationText, sizeText, timeText } from "../../wording.ts";

export function packageFields(found: Package, fields: JsonFields): Field[] {
  const chunks = fields.list("chunks");
  const reused = chunks.filter((chunk) => chunk.flag("reused")).length;
  const workers = Map.groupBy(chunks, (chunk) => chunk.text("worker") ?? "");
  const by = [...workers].map(([name, { length }]) => `${length} by ${name}`).join(", ");
  return [
    ["ID", found.id],
    ["State", found.current ? "plays now" : found.state],
    ["Made", timeText(found.created_at)],
    ["Size", `${sizeText(found.size_bytes)} in ${found.file_count} files`],
    ["Digest", found.digest],
    ["Media digest", fields.text("media_digest")],
    ["Encode key", found.encode_key],
    ["Ladder", ladderText(fields.object("plan").object("ladder"))],
    ["Frames", fields.number("frames")],
    ["Burned in", burnedText(fields.object("plan").object("burned_subtitle"))],
    [
      "Chunks",
      chunks.length > 0
        ? `${chunks.length}${reused > 0 ? `, ${reused} of earlier runs` : ""}: ${by}`
        : undefined,
    ],
  ];
}

/** The subtitle that viewers cannot turn off. */
function burnedText(burned: JsonFields): string | undefined {
  const track = burned.number("stream_index");
  return facts(burned.text("language"), track !== undefined && `track ${track} of the master`);
}

export function masterFields(source: JsonFields): Field[] {
  const video = source.object("video");
  const { num, den } = {
    num: source.object("frame_rate").number("num"),
    den: source.object("frame_rate").number("den"),
  };
  const rate =
    num !== undefined && den !== undefined ? `${Number((num / den).toFixed(3))} frames a second` : undefined;
  const size = [video.number("display_width"), video.number("display_height")].filter(
    (side) => side !== undefined,
  );
  const range = video.text("dynamic_range");
  return [
    ["File", source.text("filename")],
    [
      "Format",
      facts(source.text("container"), sizeOf(source), durationText(source.number("duration_seconds"))),
    ],
    ["Timecode", source.text("start_timecode")],
    ["Video", facts(video.text("codec"), size.join("x"), rate, video.text("pixel_format"), range)],
    ...source.list("audio").map((audio): Field => {
      const channels = audio.number("channels");
      return [
        "Audio",
        facts(audio.text("codec"), channels && `${channels} ch`, audio.text("language"), audio.text("role")),
      ];
    }),
    ["SHA-256", source.text("sha256")],
  ];
}

function ladderText(ladder: JsonFields): string | undefined {
  const from = ladder.text("from");
  if (from === "file") return "as it was written";
  if (from !== "analysis") return from;
  const metric = ladder.text("metric")?.toUpperCase() ?? "an unknown measure";
  return `the film's own, of ${ladder.number("samples") ?? 0} samples judged by ${metric}`;
}

/** Everything but the keys themselves, which no report has. */
export function protectionFields(protection: JsonFields): Field[] {
  return [
    ...plainFields(protection),
    ["key systems", protection.texts("key_systems").join(", ")],
    ...protection
      .list("keys")
      .map((key): Field => [`key id of ${key.text("tier") ?? "a track"}`, key.text("key_id")]),
  ];
}

/** Whatever plain values there are. */
export function plainFields(fields: JsonFields): Field[] {
  return fields
    .names()
    .map((name): Field => [
      name.replaceAll("_", " "),
      fields.text(name) ?? fields.number(name) ?? fields.flag(name),
    ]);
}

export function sizeOf(fields: JsonFields): string | undefined {
  const bytes = fields.number("size_bytes");
  return bytes === undefined ? undefined : sizeText(bytes);
}

/** With commas between those that are known. */
export function facts(...all: (string | false | 0 | undefined)[]): string | undefined {
  const known = all.filter((fact): fact is string => typeof fact === "string" && fact !== "");
  return known.length > 0 ? known.join(", ") : undefined;
}
