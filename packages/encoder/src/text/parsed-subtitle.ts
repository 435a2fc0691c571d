import { EncoderError, type Warning } from "../errors.ts";
import type { SubtitleDocument } from "./cue.ts";

/** What a reader makes of a file's text; its warnings do not name the file yet. */
export interface ParsedSubtitle {
  document: SubtitleDocument;
  warnings: Warning[];
}

export const subtitleHint = "Give a WebVTT, SRT or TTML file in UTF-8.";

export function subtitleNotValid(name: string, reason: string, line?: number): EncoderError {
  const where = line === undefined ? "" : ` in line ${line}`;
  return new EncoderError("subtitle_not_valid", {
    message: `The subtitle file ${name} is not valid${where}: ${reason}.`,
    hint: line === undefined ? subtitleHint : "Correct that line, or export the file again.",
  });
}
