import type { Plan, Preflight, Problem, Source } from "@flix/encoder";
import type { Output } from "../../output.ts";
import { printable } from "../../printable.ts";
import { renderFields, renderTable, type Column, type Field, type Paper } from "../../table.ts";
import { bitrateText, durationText, sizeText, timecodeText } from "../../wording.ts";
import type { CheckedFile } from "./preflight-file.ts";

/** One file is told in full; of several, each has its line, and those with problems follow in full. */
export function showChecked(checked: readonly CheckedFile[], output: Output): void {
  output.data(checked.map(jsonOf), (paper) => {
    const [only, ...more] = checked;
    if (only && more.length === 0) return describeFile(only, paper);
    const bad = checked.filter(({ found }) => !found.ok);
    const details = bad.map(({ file, found }) =>
      [paper.bold(printable(file)), ...found.problems.map(problemText)].join("\n"),
    );
    return [renderTable(columns, checked, paper), ...details].join("\n\n");
  });
}

const columns: readonly Column<CheckedFile>[] = [
  { header: "FILE", value: ({ file }) => file, flexible: true },
  { header: "VIDEO", value: ({ found: { source } }) => (source ? videoText(source) : undefined) },
  {
    header: "LENGTH",
    value: ({ found }) => durationText(found.source?.durationSeconds ?? undefined),
    align: "right",
  },
  { header: "RUNGS", value: ({ found }) => found.plan?.video.length, align: "right" },
  { header: "SIZE", value: ({ found }) => predictedSize(found), align: "right" },
  { header: "TIME", value: ({ found }) => predictedTime(found), align: "right" },
  { header: "RESULT", value: ({ found }) => resultOf(found), flexible: true },
];

function resultOf({ ok, unchanged, problems, warnings }: Preflight): string {
  if (!ok) return problems.map(({ code }) => code).join(", ");
  if (unchanged) return "unchanged";
  return warnings.length > 0
    ? `ok, ${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`
    : "ok";
}

function describeFile({ file, found }: CheckedFile, paper: Paper): string {
  const { source, plan, problems, warnings } = found;
  const notes = [
    ...problems.map(problemText),
    ...warnings.map(({ code, message }) => `warning: ${printable(message)} [${code}]`),
  ];
  return [
    renderFields([["File", file], ...(source ? sourceFields(source) : [])], paper),
    ...(plan ? [renderTable(renditionColumns, renditionsOf(plan), paper)] : []),
    ...(plan ? [renderFields(costFields(found), paper)] : []),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
  ].join("\n\n");
}

function problemText({ code, message, hint, atSeconds }: Problem): string {
  const at = atSeconds === undefined ? "" : ` at ${timecodeText(atSeconds)}`;
  return `problem: ${printable(message)} [${code}${at}]\nnext:    ${printable(hint)}`;
}

function sourceFields(source: Source): Field[] {
  const { container, sizeBytes, durationSeconds, startTimecode, video, audio, subtitles } = source;
  const rate = video.averageFrameRate.num / video.averageFrameRate.den;
  const traits = [
    `${Number(rate.toFixed(3))} frames a second${video.variableFrameRate ? " on average" : ""}`,
    video.pixelFormat,
    video.fields === null ? undefined : "interlaced",
    video.orientation === "upright" ? undefined : video.orientation,
    video.dynamicRange === "sdr" ? undefined : `HDR (${video.dynamicRange.toUpperCase()})`,
  ];
  return [
    [
      "Master",
      [container, sizeText(sizeBytes), durationText(durationSeconds ?? undefined)].filter(Boolean).join(", "),
    ],
    ...(startTimecode === null ? [] : [["Timecode", `from ${startTimecode}`] satisfies Field]),
    ["Video", [videoText(source), ...traits].filter(Boolean).join(", ")],
    ...audio.map(({ codec, channels, sampleRateHz, ...track }): Field => {
      return ["Audio", [`${codec} ${channels} ch`, `${sampleRateHz / 1000} kHz`, kindOf(track)].join(", ")];
    }),
    ...subtitles.map(({ index, codec, ...track }): Field => {
      return ["Subtitles", [`track ${index}`, codec, kindOf(track)].join(", ")];
    }),
  ];
}

function kindOf({ language, role }: { language: string | null; role: string }): string {
  return [language ?? "language not said", ...(role === "main" ? [] : [role])].join(", ");
}

function videoText({ video }: Source): string {
  return `${video.codec} ${video.displayWidth}x${video.displayHeight}`;
}

interface PlannedRendition {
  id: string;
  size: string;
  codec: string;
  crf?: number;
  cap?: string;
}

const renditionColumns: readonly Column<PlannedRendition>[] = [
  { header: "RENDITION", value: ({ id }) => id },
  { header: "SIZE", value: ({ size }) => size },
  { header: "CODEC", value: ({ codec }) => codec },
  { header: "CRF", value: ({ crf }) => crf, align: "right" },
  { header: "CAP", value: ({ cap }) => cap, align: "right" },
];

function renditionsOf({ video, audio, text }: Plan): PlannedRendition[] {
  return [
    ...video.map(({ id, width, height, codec, crf, maxrateKbps }) => ({
      id,
      size: `${width}x${height}`,
      codec,
      crf,
      cap: bitrateText(maxrateKbps * 1000),
    })),
    ...audio.map(({ id, channels, codec, bitrateKbps }) => ({
      id,
      size: `${channels} ch`,
      codec,
      cap: bitrateText(bitrateKbps * 1000),
    })),
    ...text.map(({ id }) => ({ id, size: "", codec: "webvtt" })),
  ];
}

function costFields(found: Preflight): Field[] {
  const { unchanged, requiredDiskBytes, freeDiskBytes } = found;
  const disk =
    requiredDiskBytes === null || freeDiskBytes === null
      ? undefined
      : `${sizeText(requiredDiskBytes)} while it works, of ${sizeText(freeDiskBytes)} free`;
  return [
    ["Ladder", ladderText(found)],
    ["Burned in", found.plan?.burnedSubtitle && burnedText(found.plan.burnedSubtitle)],
    ["Encrypted", found.plan?.protection && protectionText(found.plan.protection)],
    ["Size", predictedSize(found)],
    ["Time", predictedTime(found)],
    ["Disk", disk],
    ["Change", unchanged ? "none: the title plays this encode already" : undefined],
  ];
}

function ladderText({ plan }: Preflight): string | undefined {
  if (!plan) return undefined;
  const { ladder } = plan;
  switch (ladder.from) {
    case "fixed":
      return "fixed";
    case "file":
      return "as it was written";
    case "analysis":
      return `of the film's own: these at most, after ${ladder.samples} samples of it are judged by ${ladder.metric.toUpperCase()}`;
    default:
      return ladder satisfies never;
  }
}

/** `en, track 2` */
function burnedText({ language, streamIndex }: NonNullable<Plan["burnedSubtitle"]>): string {
  return `${kindOf({ language: language === "und" ? null : language, role: "main" })}, track ${streamIndex}`;
}

/** `cbcs for org.w3.clearkey, the first 4s clear` */
function protectionText({ scheme, keySystems, clearLeadSeconds }: NonNullable<Plan["protection"]>): string {
  const lead = clearLeadSeconds > 0 ? `, the first ${durationText(clearLeadSeconds)} clear` : "";
  return `${scheme} for ${keySystems.join(", ")}${lead}`;
}

function predictedSize({ predictedBytes }: Preflight): string | undefined {
  return predictedBytes === null ? undefined : `about ${sizeText(predictedBytes)}`;
}

function predictedTime({ predictedSeconds, unchanged }: Preflight): string | undefined {
  if (predictedSeconds === null || unchanged) return undefined;
  return `about ${durationText(predictedSeconds)}`;
}

/** As the contract writes its names. */
function jsonOf({ file, found }: CheckedFile): unknown {
  return snakeKeys({ file, ...found });
}

function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeKeys(field),
    ]),
  );
}
