import { access, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import type { PictureSize } from "../plan/ladder.ts";
import { runFfmpeg, readProgram } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl, maxPixels } from "../programs/input-guards.ts";
import type { Programs } from "../programs/programs.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { parseJson } from "../source/probe.ts";
import type { BurnedSubtitle } from "./burned-subtitle.ts";
import { placeCanvas } from "./canvas.ts";

export interface DrawOptions {
  programs: Pick<Programs, "ffmpeg" | "ffprobe">;
  source: AdmittedSource;
  burned: BurnedSubtitle;
  tolerateErrors?: boolean | undefined;
  /** Receives the file, and keeps it for the next stage that asks. */
  folder: string;
  signal?: AbortSignal | undefined;
}

/**
 * Draws a subtitle track once, as a film of its own: a transparent picture for each change, in the colours of SDR, at the film's times. Every
 * chunk finds in it by one seek what is shown at its beginning, however long ago that appeared; a film's 1,500 subtitles would take each chunk
 * half a minute to draw again up to there.
 */
export async function drawSubtitle(options: DrawOptions): Promise<string> {
  const { programs, folder, signal } = options;
  const drawn = join(folder, "burned.mkv");
  if (await isThere(drawn)) return drawn;
  await copyTrack(options);
  const canvas = await readCanvas(join(folder, track), options);
  await runFfmpeg(
    {
      program: programs.ffmpeg.path,
      folder,
      input: { path: track, options: inputOf(canvas, options) },
      filterGraph: drawingGraph(canvas, options),
      outputs: [{ path: partial, options: ["-map", "[out]", ...lossless] }],
    },
    { signal },
  );
  await rm(join(folder, track));
  await rename(join(folder, partial), drawn);
  return drawn;
}

const track = "track.mkv";
const partial = "burned.partial.mkv";
const lossless =
  "-fps_mode passthrough -c:v ffv1 -level 3 -g 1 -threads 1 -fflags +bitexact -f matroska".split(" ");

/** What of ffmpeg it takes, beside what the film's own graph does. */
export const drawingNeeds: readonly string[] = [
  "ffv1",
  ..."premultiply unpremultiply pad crop split overlay color concat setpts".split(" "),
];

/** The film's pictures go along to nowhere: by them the run is seen to advance where the track has nothing for long. */
async function copyTrack({
  programs,
  source,
  burned,
  tolerateErrors,
  folder,
  signal,
}: DrawOptions): Promise<void> {
  const copy = ["-c", "copy"];
  const strictness = tolerateErrors ? [] : ["-xerror"];
  await runFfmpeg(
    {
      program: programs.ffmpeg.path,
      folder,
      input: { path: inputUrl(source.path), options: [...strictness, "-copyts", ...inputGuards] },
      outputs: [
        {
          path: track,
          options: [
            "-map",
            `0:${burned.streamIndex}`,
            ...copy,
            "-avoid_negative_ts",
            "disabled",
            "-f",
            "matroska",
          ],
        },
        { path: "-", options: ["-map", `0:${source.video.index}`, ...copy, "-f", "null"] },
      ],
    },
    { signal },
  );
}

/** As the track says, if it has anything, which the master's own index often does not: a Blu-ray's stands in its first picture. */
async function readCanvas(
  path: string,
  { programs, burned, signal }: DrawOptions,
): Promise<PictureSize | null> {
  const args = [...inputGuards, "-v", "error", "-show_streams", "-of", "json", "-i", inputUrl(path)];
  const { stdout } = await readProgram(programs.ffprobe.path, args, { signal });
  const stream = parseJson(stdout || "{}")?.list("streams")[0];
  if (!stream) {
    throw new EncoderError("subtitle_empty", {
      message: `The master's subtitle track ${burned.streamIndex} has no picture in it.`,
      hint: "Leave --burn-subtitle away, or name another track.",
    });
  }
  const [width, height] = [stream.number("width") ?? 0, stream.number("height") ?? 0];
  if (width * height > maxPixels) {
    throw new EncoderError("too_many_pixels", {
      message: `The subtitle's pictures of ${width}x${height} are larger than the encoder accepts.`,
      hint: "Leave --burn-subtitle away, or give the subtitle's text as a file with --subtitle.",
    });
  }
  return width > 0 && height > 0 ? { width, height } : null;
}

function inputOf(canvas: PictureSize | null, { source: { video } }: DrawOptions): string[] {
  const { width, height } = canvas ?? video;
  const size = ["-canvas_size", `${width}x${height}`];
  return ["-copyts", ...size, ...inputGuards, "-f", "matroska"];
}

/**
 * ffmpeg repeats each picture a microsecond before the next, between the whole milliseconds of the track; that would double the work.
 * Premultiplied while it is scaled, so that no dark seam comes out of what cannot be seen. A clear picture at the film's start keeps the
 * file's clock the film's; one at the end of days lets it outlast any film.
 */
function drawingGraph(canvas: PictureSize | null, { source, burned }: DrawOptions): string {
  const { width, height } = burned.size;
  const coded = { width: source.video.width, height: source.video.height };
  const place = placeCanvas({ canvas, coded, picture: burned.size });
  const toYuv = "scale=out_color_matrix=bt709:out_range=limited,format=yuva420p,setsar=1";
  const clear = `color=black@0:s=${width}x${height}`;
  return [
    `[0:0]select=lt(mod(pts\\,1000)\\,999),setpts=max(0\\,PTS-(${source.startSeconds.toFixed(6)})/TB),format=gbrap,premultiply=inplace=1,${place},unpremultiply=inplace=1,${toYuv}[events]`,
    `${clear}:r=1000000:d=0.000001,${toYuv}[first]`,
    `${clear}:r=1/1000000:d=2000000,${toYuv}[last]`,
    "[first][events][last]concat=n=3[out]",
  ].join(";");
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
