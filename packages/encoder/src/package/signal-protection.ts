import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DrmSignal } from "../protection/drm-signal.ts";
import { keyIdOf } from "../protection/content-key.ts";
import type { ContentKeys } from "../protection/key-server.ts";
import { addToMovie } from "../protection/pssh.ts";
import type { EncryptedTrack } from "./encryption.ts";
import { layout } from "./layout.ts";

/**
 * Writes what players of each DRM system need into manifests and init segments, each track its own key's. The packager's words for raw
 * keys go: it names all keys in each track, and its `EXT-X-KEY` is of the format `identity`, by which players take the key id
 * in the URI for the key (with it hls.js and shaka-player play nothing).
 */
export async function signalProtection(
  folder: string,
  tracks: readonly EncryptedTrack[],
  { signals }: Pick<ContentKeys, "signals">,
): Promise<void> {
  await rewrite(join(folder, layout.dash), (mpd) => signalInMpd(mpd, signals));
  await rewrite(join(folder, layout.hls), (master) => signalInMaster(master, signals));
  for (const { id, keyId, playlists } of tracks) {
    for (const path of playlists)
      await rewrite(join(folder, path), (playlist) => signalInPlaylist(playlist, signals));
    const init = join(folder, layout.init(id));
    const boxes = signals.flatMap((signal) => (signal.keyId === keyId && signal.pssh ? [signal.pssh] : []));
    await writeFile(init, addToMovie(await readFile(init), boxes));
  }
}

/** The element that names the key stays; behind it come those of the DRM systems. */
export function signalInMpd(mpd: string, signals: readonly DrmSignal[]): string {
  return mpd
    .replaceAll(/\n[ \t]*<ContentProtection schemeIdUri="urn:uuid:[^>]*>[^]*?<\/ContentProtection>/g, "")
    .replaceAll(
      /(\n[ \t]*)<ContentProtection [^>]*cenc:default_KID="([0-9a-f-]+)"[^>]*\/>/g,
      (element, indent: string, keyId: string) =>
        element +
        signals
          .flatMap((signal) => (signal.keyId === keyId ? contentProtection(signal, indent) : []))
          .join(""),
    );
}

function contentProtection({ systemId, pssh, contentProtection: own }: DrmSignal, indent: string): string[] {
  const content = own ?? (pssh && `<cenc:pssh>${pssh.toString("base64")}</cenc:pssh>`);
  if (content === undefined) return [];
  return [
    `${indent}<ContentProtection schemeIdUri="urn:uuid:${systemId}">`,
    `${indent}  ${content}`,
    `${indent}</ContentProtection>`,
  ];
}

/** The packager's key line tells which key begins here, by a URI that holds its id. */
export function signalInPlaylist(playlist: string, signals: readonly DrmSignal[]): string {
  return playlist.replaceAll(
    /^#EXT-X-KEY:METHOD=SAMPLE-AES[^\n]*URI="data:text\/plain;base64,([^"]+)"[^\n]*KEYFORMAT="identity"$/gm,
    (_line, id: string) => {
      const keyId = keyIdOf(Buffer.from(id, "base64"));
      return signals.flatMap((signal) => (signal.keyId === keyId ? linesOf(signal.hlsMedia) : [])).join("\n");
    },
  );
}

/** Behind the header, and each once: systems may say the same of all keys. */
export function signalInMaster(master: string, signals: readonly DrmSignal[]): string {
  const lines = new Set(signals.flatMap(({ hlsMaster }) => linesOf(hlsMaster)));
  if (lines.size === 0) return master;
  return master.replace(/^#EXTM3U\r?\n/, (header) => `${header}${[...lines].join("\n")}\n`);
}

function linesOf(text = ""): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, "utf8")));
}
