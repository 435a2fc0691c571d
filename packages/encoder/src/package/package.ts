import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { audioName } from "../audio/audio-role.ts";
import type { AudioRendition } from "../audio/plan-audio.ts";
import { runPackager } from "../programs/packager.ts";
import type { Plan } from "../plan/plan.ts";
import { sheetName } from "../pictures/thumbnails.ts";
import type { TextRendition } from "../text/plan-text.ts";
import { textName } from "../text/text-role.ts";
import { renditionFile, textFile } from "../work/rendition-file.ts";
import { audioGroup, completeGroups } from "./hls-groups.ts";
import { audioFields, textFields } from "./manifest-roles.ts";

/** Where things lie in a package. Every name fits the contract's PackagePath and needs no escape in a URL. */
export const layout = {
  hls: "master.m3u8",
  dash: "manifest.mpd",
  report: "package.json",
  /** The best of the candidates. */
  poster: "poster.jpg",
  posterFolder: "posters",
  posterCandidate: (number: number): string => `posters/${number}.jpg`,
  thumbnails: "thumbnails/index.vtt",
  thumbnailFolder: "thumbnails",
  imagePlaylist: "thumbnails/tiles.m3u8",
  sheet: (number: number): string => `thumbnails/${sheetName(number)}`,
  init: (id: string): string => `${id}/init.mp4`,
  playlist: (id: string): string => `${id}/index.m3u8`,
  iframes: (id: string): string => `${id}/iframes.m3u8`,
};

interface PackageOptions {
  packager: string;
  plan: Plan;
  /** Holds the transcoded renditions and the WebVTT files. */
  renditionFolder: string;
  /** Receives segments and manifests. */
  packageFolder: string;
  signal?: AbortSignal | undefined;
}

/** One set of CMAF segments under an HLS and a DASH manifest; answers the packager's arguments. */
export async function packageRenditions({
  packager,
  plan,
  renditionFolder,
  packageFolder,
  signal,
}: PackageOptions): Promise<string[]> {
  // Relative, because a comma in the work folder's path would end a field of the descriptors.
  const args = packagerArguments(plan, relative(packageFolder, renditionFolder));
  await runPackager(packager, args, { folder: packageFolder, signal });
  const master = join(packageFolder, layout.hls);
  await writeFile(master, completeGroups(await readFile(master, "utf8"), plan));
  return [packager, ...args];
}

export function packagerArguments(plan: Plan, inputFolder: string): string[] {
  const mainLanguage = plan.audio.find(({ language }) => language !== "und")?.language;
  return [
    ...plan.video.map(({ id }) =>
      descriptor({
        in: join(inputFolder, renditionFile(id)),
        stream: "video",
        ...segments(id),
        iframe_playlist_name: layout.iframes(id),
      }),
    ),
    ...plan.audio.map((rendition) => audioDescriptor(rendition, inputFolder)),
    ...plan.text.flatMap((rendition) => textDescriptors(rendition, inputFolder)),
    `--segment_duration=${decimal(plan.segmentSeconds)}`,
    // A fragment a GOP gives the I-frame playlists one picture a GOP instead of one a segment.
    `--fragment_duration=${decimal(plan.gopSeconds)}`,
    "--generate_static_live_mpd",
    "--hls_playlist_type=VOD",
    `--hls_master_playlist_output=${layout.hls}`,
    `--mpd_output=${layout.dash}`,
    ...(mainLanguage === undefined ? [] : [`--default_language=${mainLanguage}`]),
    // The language above would switch on its subtitles too; `zxx` (no language) leaves them to the viewer.
    "--default_text_language=zxx",
    // Creation times of 0, so that equal renditions give equal bytes.
    "--use_fake_clock_for_muxer",
    // Several threads list the subtitles in the order in which they happen to finish.
    "--single_threaded",
    "--quiet",
  ];
}

function audioDescriptor(rendition: AudioRendition, inputFolder: string): string {
  const { id, language, role, channels } = rendition;
  const name = audioName(rendition);
  return descriptor({
    in: join(inputFolder, renditionFile(id)),
    stream: "audio",
    // The packager refuses the tag for "unknown".
    ...(language === "und" ? {} : { language }),
    ...segments(id),
    // A group of their own, so that players without six channels take the stereo.
    hls_group_id: audioGroup(channels),
    hls_name: name,
    // The label also keeps stereo and surround out of one adaptation set, between whose members players switch as they like.
    dash_label: channels > 2 ? `${name} 5.1` : name,
    ...audioFields[role],
  });
}

/** HLS players want WebVTT as plain segments, DASH players in MP4: the only media that lies there twice, and it is small. */
function textDescriptors(rendition: TextRendition, inputFolder: string): string[] {
  const { id, language, role } = rendition;
  const spoken: Record<string, string> = language === "und" ? {} : { language };
  const shared = { in: join(inputFolder, textFile(id)), stream: "text", ...spoken, ...textFields[role] };
  return [
    descriptor({
      ...shared,
      segment_template: `${id}/$Number$.vtt`,
      playlist_name: layout.playlist(id),
      hls_group_id: "text",
      hls_name: textName(rendition),
      hls_only: "1",
    }),
    descriptor({
      ...shared,
      format: "vtt+mp4",
      init_segment: layout.init(id),
      segment_template: `${id}/$Number$.m4s`,
      dash_label: textName(rendition),
      dash_only: "1",
    }),
  ];
}

function segments(id: string): Record<string, string> {
  return {
    init_segment: layout.init(id),
    segment_template: `${id}/$Number$.m4s`,
    playlist_name: layout.playlist(id),
  };
}

function descriptor(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

function decimal(seconds: number): string {
  return String(Number(seconds.toFixed(9)));
}
