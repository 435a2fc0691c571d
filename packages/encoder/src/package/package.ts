import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { audioName } from "../audio/audio-role.ts";
import type { AudioRendition } from "../audio/plan-audio.ts";
import { runPackager } from "../programs/packager.ts";
import type { Plan } from "../plan/plan.ts";
import type { TextRendition } from "../text/plan-text.ts";
import { textName } from "../text/text-role.ts";
import { renditionFile, textFile } from "../work/rendition-file.ts";
import { videoTier } from "../protection/content-key.ts";
import type { ContentKeys } from "../protection/key-server.ts";
import { clearField, encryptedTracks, encryptionArguments, keyField, keysFlag } from "./encryption.ts";
import { layout } from "./layout.ts";
import { audioGroup, completeGroups } from "./hls-groups.ts";
import { audioFields, textFields } from "./manifest-roles.ts";
import { signalProtection } from "./signal-protection.ts";

interface PackageOptions {
  packager: string;
  plan: Plan;
  /** Holds the transcoded renditions and the WebVTT files. */
  renditionFolder: string;
  /** Receives segments and manifests. */
  packageFolder: string;
  /** Of a plan with protection. */
  contentKeys?: ContentKeys | undefined;
  signal?: AbortSignal | undefined;
}

/** One set of CMAF segments under an HLS and a DASH manifest; answers the packager's arguments. */
export async function packageRenditions({
  packager,
  plan,
  renditionFolder,
  packageFolder,
  contentKeys,
  signal,
}: PackageOptions): Promise<string[]> {
  // Relative, because a comma in the work folder's path would end a field of the descriptors.
  const args = packagerArguments(plan, relative(packageFolder, renditionFolder));
  const secretFlags = contentKeys && [keysFlag(contentKeys.keys)];
  await runPackager(packager, args, { folder: packageFolder, secretFlags, signal });
  const master = join(packageFolder, layout.hls);
  await writeFile(master, completeGroups(await readFile(master, "utf8"), plan));
  if (contentKeys) await signalProtection(packageFolder, encryptedTracks(plan, contentKeys), contentKeys);
  return [packager, ...args];
}

export function packagerArguments(plan: Plan, inputFolder: string): string[] {
  const mainLanguage = plan.audio.find(({ language }) => language !== "und")?.language;
  return [
    ...plan.video.map(({ id, height }) =>
      descriptor({
        in: join(inputFolder, renditionFile(id)),
        stream: "video",
        ...segments(id),
        iframe_playlist_name: layout.iframes(id),
        ...keyField(plan.protection, videoTier(height)),
      }),
    ),
    ...plan.audio.map((rendition) =>
      descriptor({ ...audioFieldsOf(rendition, inputFolder), ...keyField(plan.protection, "audio") }),
    ),
    ...plan.text.flatMap((rendition) => textDescriptors(rendition, inputFolder, clearField(plan.protection))),
    ...encryptionArguments(plan.protection),
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

function audioFieldsOf(rendition: AudioRendition, inputFolder: string): Record<string, string> {
  const { id, language, role, channels } = rendition;
  const name = audioName(rendition);
  return {
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
  };
}

/** HLS players want WebVTT as plain segments, DASH players in MP4: the only media that lies there twice, and it is small. */
function textDescriptors(
  rendition: TextRendition,
  inputFolder: string,
  clear: Record<string, string>,
): string[] {
  const { id, language, role } = rendition;
  const spoken: Record<string, string> = language === "und" ? {} : { language };
  const shared = {
    in: join(inputFolder, textFile(id)),
    stream: "text",
    ...spoken,
    ...textFields[role],
    ...clear,
  };
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
