import { join } from "node:path";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";

/** A file whose every time is found at once and exactly, and the stream of it that holds the pictures. */
export interface IndexedSource {
  path: string;
  videoIndex: number;
  /** What is burned into the pictures, drawn; absent where nothing is. */
  subtitle?: string;
}

interface IndexOptions {
  ffmpeg: string;
  source: {
    path: string;
    container: string;
    video: { index: number };
    audio: readonly { codec: string }[];
  };
  /** Receives the copy, where one is made. */
  folder: string;
  tolerateErrors?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export function hasIndex({ container }: { container: string }): boolean {
  return ["mov", "matroska", "mxf"].includes(container);
}

/**
 * The master, or, where its container has no index, a copy in Matroska, which has one: a transport stream is searched by its byte rate, and
 * the frame is missed. The sound goes along, so that the pictures keep their distance from the film's start.
 */
export async function indexedSource({
  ffmpeg,
  source,
  folder,
  tolerateErrors,
  signal,
}: IndexOptions): Promise<IndexedSource> {
  if (hasIndex(source)) return { path: source.path, videoIndex: source.video.index };
  const copy = "source.mkv";
  const strictness = tolerateErrors ? tolerant : ["-xerror"];
  const decoded = tolerateErrors ? decodedAac(source.audio) : [];
  const streams = ["-map", `0:${source.video.index}`, "-map", "0:a?"];
  await runFfmpeg(
    {
      program: ffmpeg,
      folder,
      input: { path: inputUrl(source.path), options: [...strictness, "-fflags", "+genpts", ...inputGuards] },
      outputs: [{ path: copy, options: [...streams, "-c", "copy", ...decoded, "-f", "matroska"] }],
    },
    { signal },
  );
  return { path: join(folder, copy), videoIndex: 0 };
}

const tolerant = "-err_detect:a explode -max_error_rate 1".split(" ");

/** Matroska wants AAC without its headers, and the filter that takes them off ends at the first damaged one. */
function decodedAac(audio: readonly { codec: string }[]): string[] {
  return audio.flatMap(({ codec }, index) => (codec === "aac" ? [`-c:a:${index}`, "pcm_f32le"] : []));
}

/** Where a sound track of the master is in the indexed file. */
export function indexedAudio(
  source: { container: string; audio: readonly { index: number }[] },
  masterIndex: number,
): number {
  if (hasIndex(source)) return masterIndex;
  return 1 + source.audio.findIndex(({ index }) => index === masterIndex);
}
