import type { components } from "@flix/openapi";
import type { Title } from "../catalog/index.ts";
import type { CurrentPackage, MarkerSpan } from "../media/index.ts";
import type { MediaUrls } from "./media-urls.ts";
import { heartbeatIntervalSeconds } from "./streams.ts";
import type { SessionRow } from "./tables.ts";

type Schemas = components["schemas"];

export interface SessionParts {
  session: SessionRow;
  urls: MediaUrls;
  current: CurrentPackage;
  maxHeight: number;
  protection: Schemas["SessionProtection"] | undefined;
  markers: MarkerSpan[];
  next: Title | undefined;
}

export function toPlaybackSession(parts: SessionParts): Schemas["PlaybackSession"] {
  const { session, urls, current, maxHeight, protection, markers, next } = parts;
  const { baseUrl } = urls;
  return {
    id: session.id,
    profile_id: session.profile_id,
    title_id: session.title_id,
    device: toDevice(session),
    manifests: [
      { protocol: "hls", url: baseUrl + current.hlsPath },
      { protocol: "dash", url: baseUrl + current.dashPath },
    ],
    media_base_url: baseUrl,
    ...(current.thumbnailsPath === undefined ? {} : { thumbnails_url: baseUrl + current.thumbnailsPath }),
    expires_at: urls.expiresAt.toISOString(),
    heartbeat_interval_seconds: heartbeatIntervalSeconds,
    resume_position_seconds: session.position_seconds,
    duration_seconds: session.duration_seconds,
    max_height: maxHeight,
    ...(protection === undefined ? {} : { protection }),
    audio: audioOf(current),
    text_tracks: textOf(current),
    markers: markers.map(({ kind, startSeconds, endSeconds }) => ({
      kind,
      start_seconds: startSeconds,
      end_seconds: endSeconds,
    })),
    ...nextEpisodeOf(next),
    started_at: session.started_at.toISOString(),
  };
}

export function toActiveSession(session: SessionRow): Schemas["ActiveSession"] {
  return {
    id: session.id,
    profile_id: session.profile_id,
    title_id: session.title_id,
    device: toDevice(session),
    state: session.state,
    position_seconds: session.position_seconds,
    started_at: session.started_at.toISOString(),
    last_heartbeat_at: session.last_heartbeat_at.toISOString(),
  };
}

function toDevice({ device_id, device_name, device_kind }: SessionRow): Schemas["Device"] {
  return { id: device_id, ...(device_name === null ? {} : { name: device_name }), kind: device_kind };
}

/** One entry a language, role and number of channels: bit rates of the same sound are the player's affair. */
function audioOf({ renditions }: CurrentPackage): Schemas["AudioTrack"][] {
  const tracks = renditions.flatMap(({ type, language, channels = 2, role }) => {
    if (type !== "audio") return [];
    const heard = role === "commentary" || role === "description" ? role : "main";
    return [{ ...(language === undefined ? {} : { language }), channels, role: heard } as const];
  });
  return distinct(tracks);
}

function textOf({ renditions }: CurrentPackage): Schemas["TextTrack"][] {
  const tracks = renditions.flatMap(({ type, language = "und", role }) => {
    if (type !== "text") return [];
    return [{ language, role: role === "forced" || role === "sdh" ? role : "main" } as const];
  });
  return distinct(tracks);
}

function distinct<Track extends object>(tracks: readonly Track[]): Track[] {
  return [...new Map(tracks.map((track) => [JSON.stringify(track), track])).values()];
}

function nextEpisodeOf(next: Title | undefined): Pick<Schemas["PlaybackSession"], "next_episode"> {
  if (next?.episode === undefined) return {};
  const { season_number, episode_number } = next.episode;
  return { next_episode: { id: next.id, title: next.title, season_number, episode_number } };
}
