import { parseXml } from "../xml.ts";
import type { DrmSignal } from "./drm-signal.ts";
import { psshSystems } from "./pssh.ts";

type NotValid = (reason: string) => Error;

/** What a key server says goes into manifests that every viewer gets: only what is what it claims to be does. */
export function requireSignal(signal: DrmSignal, notValid: NotValid): void {
  const { systemId, keyId, pssh, contentProtection, hlsMedia, hlsMaster } = signal;
  const what = `for ${systemId} and the key ${keyId}`;
  if (pssh && !systemsOf(pssh).includes(systemId))
    throw notValid(`its PSSH ${what} is no pssh box of that system`);
  if (contentProtection !== undefined)
    parseXml(`<x>${contentProtection}</x>`, (reason) =>
      notValid(`its ContentProtectionData ${what}: ${reason}`),
    );
  if (hlsMedia !== undefined) requireLines(hlsMedia, "#EXT-X-KEY:", what, notValid);
  if (hlsMaster !== undefined) requireLines(hlsMaster, "#EXT-X-SESSION-KEY:", what, notValid);
}

function systemsOf(pssh: Buffer): string[] {
  try {
    return psshSystems(pssh);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** Other tags beside the key's are allowed by CPIX; a URI, which a player would take for a segment, is not. */
function requireLines(text: string, tag: string, what: string, notValid: NotValid): void {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const known = lines.every((line) => line.startsWith("#EXT-X-") && !/[^\x20-\x7e]/.test(line));
  if (!known || !lines.some((line) => line.startsWith(tag)))
    throw notValid(`its HLSSignalingData ${what} is no line of ${tag}`);
}
