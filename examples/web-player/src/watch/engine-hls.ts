// oxlint-disable-next-line import/no-named-as-default -- its types have only the default export.
import Hls, {
  type DRMSystemConfiguration,
  type ErrorData,
  type HlsConfig,
  type Level,
  type MediaPlaylist,
} from "hls.js";
import { clearKey, keyIdsData, type Protection } from "./protection.ts";
import {
  EngineError,
  heightsOf,
  type Engine,
  type EngineOptions,
  type TrackRole,
  type Tracks,
} from "./engine.ts";

export async function createHlsEngine({
  video,
  rewrite,
  protection,
  listener,
}: EngineOptions): Promise<Engine> {
  if (!Hls.isSupported()) {
    throw new EngineError("hls-unsupported", "This browser cannot play adaptive streams.", { fatal: true });
  }
  const hls = new Hls({
    capLevelToPlayerSize: true,
    maxBufferLength: 30,
    // Opened here, hls.js leaves the request's address alone.
    xhrSetup: (request, url) => request.open("GET", rewrite(url), true),
    ...(protection && decryption(protection)),
  });
  // hls.js tells of tracks before it has chosen among them, and would undo a choice that a listener makes meanwhile.
  const tellTracks = () => queueMicrotask(() => listener.onTracks(tracksOf(hls)));
  for (const change of [
    Hls.Events.AUDIO_TRACKS_UPDATED,
    Hls.Events.AUDIO_TRACK_SWITCHED,
    Hls.Events.SUBTITLE_TRACKS_UPDATED,
    Hls.Events.SUBTITLE_TRACK_SWITCH,
    Hls.Events.LEVELS_UPDATED,
  ] as const) {
    hls.on(change, tellTracks);
  }
  hls.on(Hls.Events.LEVEL_SWITCHED, (_event, { level }) => {
    const { height = 0, bitrate = 0 } = hls.levels[level] ?? {};
    listener.onRendition({ height, bitrateKbps: Math.round(bitrate / 1000) });
  });
  let loaded = false;
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (data.fatal && data.type === Hls.ErrorTypes.MEDIA_ERROR && recoverOnce(hls)) return;
    // A seek aborts what was on its way; that is no failure.
    if (data.details === Hls.ErrorDetails.INTERNAL_ABORTED) return;
    if (loaded) listener.onError(asEngineError(data));
  });
  return {
    name: "hls",
    async load(manifestUrl, startSeconds) {
      hls.config.startPosition = startSeconds;
      await parseManifest(hls, manifestUrl, video);
      loaded = true;
      tellTracks();
    },
    selectAudio(id) {
      hls.audioTrack = Number(id);
    },
    selectText(id) {
      hls.subtitleTrack = id === undefined ? -1 : Number(id);
      hls.subtitleDisplay = id !== undefined;
    },
    selectHeight(height) {
      // -1 is automatic. `nextLevel` keeps what is about to play.
      hls.nextLevel = height === undefined ? -1 : levelOf(hls, height);
    },
    retry: () => hls.startLoad(),
    async destroy() {
      hls.destroy();
    },
  };
}

/** The highest bit rate of a height, in the codec that plays where it has that height. */
function levelOf(hls: Hls, height: number): number {
  const codec = hls.levels[hls.currentLevel]?.codecSet;
  const inCodec = hls.levels.findLastIndex((level) => level.height === height && level.codecSet === codec);
  return inCodec >= 0 ? inCodec : hls.levels.findLastIndex((level) => level.height === height);
}

/** A license for each key, as its rendition comes to play. */
function decryption(protection: Protection): Partial<HlsConfig> {
  const own = protection.keySystems.find(({ key_system: system }) => system === clearKey);
  const systems = protection.keySystems.map(({ key_system, license_url, certificate_url }) => [
    key_system,
    {
      licenseUrl: license_url,
      ...(certificate_url === undefined ? {} : { serverCertificateUrl: certificate_url }),
      ...(key_system === clearKey ? { generateRequest: requestKey } : {}),
    },
  ]);
  return {
    emeEnabled: true,
    drmSystems: Object.fromEntries(systems),
    async licenseXhrSetup(request, url) {
      request.open("POST", url, true);
      if (url !== own?.license_url) return;
      const headers = await protection.licenseHeaders();
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    },
  };
}

type RequestFilter = NonNullable<DRMSystemConfiguration["generateRequest"]>;

/** By the playlist's key id: hls.js takes none from the boxes of ClearKey. */
const requestKey: RequestFilter = (initDataType, initData, { decryptdata: { keyId } }) =>
  keyId ? { initDataType: "keyids", initData: keyIdsData(keyId).buffer } : { initDataType, initData };

function parseManifest(hls: Hls, manifestUrl: string, video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve, reject) => {
    hls.once(Hls.Events.MANIFEST_PARSED, () => {
      leaveSurroundOut(hls);
      resolve();
    });
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (data.fatal) reject(asEngineError(data));
    });
    hls.loadSource(manifestUrl);
    hls.attachMedia(video);
  });
}

/**
 * Every rendition comes once with stereo and once with surround. hls.js takes them all for steps of one ladder, and would change the
 * sound with every second step; a browser mixes surround down to what it has anyway.
 */
function leaveSurroundOut(hls: Hls): void {
  const surround = new Set(hls.allAudioTracks.filter(isSurround).map(({ groupId }) => groupId));
  const usesSurround = ({ audioGroups }: Level) =>
    audioGroups?.some((group) => surround.has(group ?? "")) ?? false;
  if (hls.levels.every(usesSurround)) return;
  for (let index = hls.levels.length - 1; index >= 0; index -= 1) {
    const level = hls.levels[index];
    if (level && usesSurround(level)) hls.removeLevel(index);
  }
}

function isSurround({ channels = "" }: MediaPlaylist): boolean {
  return Number.parseInt(channels, 10) > 2;
}

const recovered = new WeakSet<Hls>();

/** A decoder may stumble over one frame; a second time it is the stream. */
function recoverOnce(hls: Hls): boolean {
  if (recovered.has(hls)) return false;
  recovered.add(hls);
  hls.recoverMediaError();
  return true;
}

function tracksOf(hls: Hls): Tracks {
  return {
    audio: hls.audioTracks.map(trackOf),
    audioId: hls.audioTrack < 0 ? undefined : String(hls.audioTrack),
    text: hls.subtitleTracks.map(trackOf),
    textId: hls.subtitleTrack < 0 || !hls.subtitleDisplay ? undefined : String(hls.subtitleTrack),
    heights: heightsOf(hls.levels),
  };
}

function trackOf(track: MediaPlaylist, index: number) {
  const { lang, name, channels } = track;
  return {
    id: String(index),
    language: lang ?? name,
    role: roleOf(track),
    channels: channels === undefined ? undefined : Number.parseInt(channels, 10),
  };
}

/** HLS has characteristics for accessibility and a flag for forced; that it is a commentary stands in its name alone. */
function roleOf({ forced, characteristics = "", name }: MediaPlaylist): TrackRole {
  if (forced) return "forced";
  if (characteristics.includes("describes-video")) return "description";
  if (characteristics.includes("transcribes-spoken-dialog")) return "sdh";
  return /\bcommentary\b/i.test(name) ? "commentary" : "main";
}

function asEngineError({ details, error, fatal, response, type }: ErrorData): EngineError {
  return new EngineError(`hls-${details}`, error.message, {
    fatal,
    // Where there was no answer, hls.js has 0 or nothing for its status.
    unreachable: type === Hls.ErrorTypes.NETWORK_ERROR && !response?.code,
    httpStatus: response?.code,
  });
}
