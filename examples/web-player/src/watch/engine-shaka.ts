import shaka from "shaka-player/dist/shaka-player.compiled-es2021.js";
import { clearKey, hexKeysOf, type Protection } from "./protection.ts";
import {
  EngineError,
  heightsOf,
  type Engine,
  type EngineOptions,
  type TrackRole,
  type Tracks,
} from "./engine.ts";

export async function createShakaEngine({
  video,
  textContainer,
  rewrite,
  protection,
  listener,
}: EngineOptions): Promise<Engine> {
  shaka.polyfill.installAll();
  if (!shaka.Player.isBrowserSupported()) {
    throw new EngineError("shaka-unsupported", "This browser cannot play adaptive streams.", { fatal: true });
  }
  const player = new shaka.Player();
  // Its native text tracks begin as `data:` URLs, which the content security policy refuses.
  player.setVideoContainer(textContainer);
  await player.attach(video);
  player.configure({
    // Not a line more than the element shows, and told when the screen, not the buffer, changes.
    abr: { restrictToElementSize: true },
    streaming: { observeQualityChanges: true, bufferingGoal: 30 },
    // text-choice.ts sees to it, for every engine alike.
    accessibility: { handleForcedSubtitlesAutomatically: false },
  });
  player.getNetworkingEngine()?.registerRequestFilter((_type, request) => {
    request.uris = request.uris.map(rewrite);
  });
  const tellTracks = () => listener.onTracks(tracksOf(player));
  for (const change of ["trackschanged", "audiotrackchanged", "textchanged"]) {
    player.addEventListener(change, tellTracks);
  }
  player.addEventListener("mediaqualitychanged", (event: Event) => {
    const { mediaQuality: quality } = event as Event & { mediaQuality: shaka.extern.MediaQualityInfo };
    if (quality.contentType !== "video") return;
    listener.onRendition({ height: quality.height ?? 0, bitrateKbps: Math.round(quality.bandwidth / 1000) });
  });
  player.addEventListener("error", (event: Event) => {
    listener.onError(asEngineError((event as Event & { detail: shaka.util.Error }).detail));
  });
  return {
    name: "shaka",
    async load(manifestUrl, startSeconds) {
      if (protection) await protect(player, protection, manifestUrl);
      try {
        await player.load(manifestUrl, startSeconds);
      } catch (error) {
        throw asEngineError(error);
      }
      tellTracks();
    },
    selectAudio(id) {
      const track = player.getAudioTracks().find((candidate) => audioIdOf(candidate) === id);
      if (track) player.selectAudioTrack(track);
    },
    selectText(id) {
      player.selectTextTrack(player.getTextTracks().find((track) => String(track.id) === id) ?? null);
    },
    selectHeight: (height) => selectHeight(player, height),
    retry: () => void player.retryStreaming(),
    destroy: () => player.destroy(),
  };
}

/**
 * ClearKey's keys are asked for at once: shaka-player reads from HLS only a ClearKey whose keys stand in the playlist, so there the
 * playlist's word on encryption is passed over. The other systems ask their own servers.
 */
async function protect(player: shaka.Player, protection: Protection, manifestUrl: string): Promise<void> {
  const { keySystems } = protection;
  if (keySystems.some(({ key_system: system }) => system === clearKey)) {
    const isHls = new URL(manifestUrl).pathname.endsWith(".m3u8");
    player.configure({ drm: { clearKeys: hexKeysOf(await protection.license()) } });
    player.configure({ manifest: { ignoreDrmInfo: isHls } });
    return;
  }
  for (const { key_system: system, license_url: server, certificate_url: certificate } of keySystems) {
    const advanced = certificate === undefined ? {} : { [system]: { serverCertificateUri: certificate } };
    player.configure({ drm: { servers: { [system]: server }, advanced } });
  }
}

/** What lies in the buffer gives way but for this much, so that the change shows soon and nothing stalls. */
const keptSeconds = 2;

function selectHeight(player: shaka.Player, height: number | undefined): void {
  player.configure({ abr: { enabled: height === undefined } });
  const track = player
    .getVideoTracks()
    .filter((candidate) => candidate.height === height)
    .reduce<shaka.extern.VideoTrack | undefined>(
      (best, next) => (best && best.bandwidth >= next.bandwidth ? best : next),
      undefined,
    );
  if (height !== undefined && track) player.selectVideoTrack(track, true, keptSeconds);
}

function tracksOf(player: shaka.Player): Tracks {
  const audio = player.getAudioTracks();
  const text = player.getTextTracks();
  const active = audio.find((track) => track.active);
  const shown = text.find((track) => track.active);
  return {
    audio: audio.map((track) => ({
      id: audioIdOf(track),
      language: track.originalLanguage ?? track.language,
      role: audioRoleOf(track),
      channels: track.channelsCount ?? undefined,
    })),
    audioId: active && audioIdOf(active),
    text: text.map((track) => ({
      id: String(track.id),
      language: track.originalLanguage ?? track.language,
      role: textRoleOf(track),
    })),
    textId: shown && String(shown.id),
    heights: heightsOf(player.getVideoTracks()),
  };
}

/** Roles of DASH (ISO/IEC 23009-1 section 5.8.5.5); in HLS shaka-player puts the characteristics there. */
function audioRoleOf({ roles }: shaka.extern.AudioTrack): TrackRole {
  if (roles.some((role) => /descri(ption|bes-video)/.test(role))) return "description";
  return roles.includes("commentary") ? "commentary" : "main";
}

function textRoleOf({ forced, roles, kind }: shaka.extern.TextTrack): TrackRole {
  if (forced || roles.includes("forced-subtitle")) return "forced";
  const sdh = kind === "caption" || roles.some((role) => /^caption$|transcribes-spoken-dialog/.test(role));
  return sdh ? "sdh" : "main";
}

/** Audio tracks have no id of their own: language, channels and codec tell them apart. */
function audioIdOf({ language, channelsCount, codecs, roles }: shaka.extern.AudioTrack): string {
  return [language, channelsCount, codecs, ...roles].join("/");
}

function asEngineError(error: unknown): EngineError {
  if (!(error instanceof shaka.util.Error)) {
    return new EngineError("shaka-unknown", String(error), { fatal: true });
  }
  const { BAD_HTTP_STATUS, HTTP_ERROR, TIMEOUT } = shaka.util.Error.Code;
  return new EngineError(`shaka-${error.code}`, error.message, {
    fatal: error.severity === shaka.util.Error.Severity.CRITICAL,
    unreachable: error.code === HTTP_ERROR || error.code === TIMEOUT,
    // The data of a bad status are the URL, then the status.
    httpStatus:
      error.code === BAD_HTTP_STATUS && Array.isArray(error.data) ? Number(error.data[1]) : undefined,
  });
}
