import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError, type Warning } from "../errors.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { textFile } from "../work/rendition-file.ts";
import type { TextRendition } from "./plan-text.ts";
import { convertSubtitle } from "./subtitles.ts";

interface TextTrackOptions {
  ffmpeg: string;
  source: Pick<AdmittedSource, "path" | "video" | "subtitles">;
  renditions: readonly TextRendition[];
  /** Receives `<rendition>.vtt`. */
  folder: string;
  tolerateErrors?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface TextTracks {
  /** Tracks without a word in them are left out. */
  written: TextRendition[];
  warnings: Warning[];
}

/** Takes the master's own text tracks out of it, in one pass that decodes neither pictures nor sound. */
export async function takeTextTracks(options: TextTrackOptions): Promise<TextTracks> {
  const { ffmpeg, source, folder, tolerateErrors, signal } = options;
  const tracks = options.renditions.flatMap((rendition) => {
    const { streamIndex } = rendition;
    const codec = source.subtitles.find(({ index }) => index === streamIndex)?.codec ?? "";
    return streamIndex === undefined ? [] : [{ rendition, streamIndex, form: formOf(codec) }];
  });
  const taken: TextTracks = { written: [], warnings: [] };
  if (tracks.length === 0) return taken;
  const times = ["-copyts", "-start_at_zero"];
  const strictness = tolerateErrors ? [] : ["-xerror"];
  await runFfmpeg(
    {
      program: ffmpeg,
      folder,
      input: { path: inputUrl(source.path), options: [...strictness, ...times, ...inputGuards] },
      outputs: [
        ...tracks.map(({ rendition, streamIndex, form }) => ({
          path: rawFile(rendition),
          options: ["-map", `0:${streamIndex}`, ...form],
        })),
        // Minutes may pass between two lines of text, and what shows no progress is ended; pictures come all the time.
        { path: "-", options: ["-map", `0:${source.video.index}`, "-c", "copy", "-f", "null"] },
      ],
    },
    { signal },
  );
  for (const { rendition, streamIndex } of tracks) {
    const raw = join(folder, rawFile(rendition));
    const { webvtt, warnings } = convertTrack(await readFile(raw), rendition, streamIndex);
    await rm(raw);
    taken.warnings.push(...warnings);
    if (webvtt === null) continue;
    await writeFile(join(folder, textFile(rendition.id)), webvtt);
    taken.written.push(rendition);
  }
  return taken;
}

/**
 * WebVTT and TTML come out as they are. All others become SRT, which keeps their places and colours, and whose reader does not mind the empty lines
 * that would break ffmpeg's WebVTT.
 */
function formOf(codec: string): string[] {
  if (codec === "webvtt") return ["-c:s", "copy", "-f", "webvtt"];
  return codec === "ttml" ? ["-c:s", "copy", "-f", "data"] : ["-c:s", "srt", "-f", "srt"];
}

function rawFile({ id }: TextRendition): string {
  return `${id}.raw`;
}

function convertTrack(
  bytes: Buffer,
  rendition: TextRendition,
  index: number,
): { webvtt: string | null; warnings: Warning[] } {
  const name = `subtitle track ${index}`;
  if (bytes.toString("latin1").trim().length <= "WEBVTT".length)
    return { webvtt: null, warnings: [empty(name)] };
  try {
    return convertSubtitle(bytes, name, rendition.language);
  } catch (error) {
    if (!(error instanceof EncoderError)) throw error;
    // The film can be shown without it, and nobody can correct a track inside a master by its line.
    return { webvtt: null, warnings: [{ code: "subtitle_track_ignored", message: error.message }] };
  }
}

function empty(name: string): Warning {
  return { code: "subtitle_track_empty", message: `The master's ${name} has no text and is left out.` };
}
