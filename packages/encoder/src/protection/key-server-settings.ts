import { EncoderError } from "../errors.ts";
import type { EncryptionScheme } from "./content-key.ts";
import type { KeySystem } from "./drm-signal.ts";

/** A SPEKE endpoint, and the DRM systems that it is asked about. */
export interface KeyServerSettings {
  url: string;
  /** What the server wants to know the caller by. */
  headers: Readonly<Record<string, string>>;
  keySystems: readonly KeySystem[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

const systems: Readonly<Record<string, KeySystem>> = {
  widevine: "com.widevine.alpha",
  playready: "com.microsoft.playready",
  fairplay: "com.apple.fps",
};

/** The operator's key server; undefined: the platform's own. */
export function keyServerSettings(
  scheme: EncryptionScheme,
  env: Environment = process.env,
): KeyServerSettings | undefined {
  const url = env["FLIX_KEY_SERVER"]?.trim();
  if (!url) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw notValid(
      "FLIX_KEY_SERVER is no http or https URL.",
      "Set it to the SPEKE v2 endpoint of the DRM vendor.",
    );
  return {
    url,
    headers: headersOf(env["FLIX_KEY_SERVER_HEADERS"] ?? ""),
    keySystems: keySystemsOf(env["FLIX_KEY_SERVER_SYSTEMS"] ?? "", scheme),
  };
}

/** A header a line, as HTTP writes them. */
function headersOf(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([\x20-\x7e]*?)\s*$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
      // The value may be a secret, so it is not repeated.
      throw notValid(
        "FLIX_KEY_SERVER_HEADERS has a line that is no header.",
        'Write a header a line: "Authorization: Bearer ..."',
      );
    }),
  );
}

/** FairPlay decrypts `cbcs` alone. */
function keySystemsOf(text: string, scheme: EncryptionScheme): KeySystem[] {
  const names = text.split(",").flatMap((word) => word.trim().toLowerCase() || []);
  const unknown = names.find((name) => systems[name] === undefined);
  if (unknown !== undefined)
    throw notValid(
      `FLIX_KEY_SERVER_SYSTEMS names ${unknown}.`,
      `Name some of ${Object.keys(systems).join(", ")}.`,
    );
  if (scheme === "cenc" && names.includes("fairplay"))
    throw notValid(
      "FairPlay plays cbcs alone.",
      "Use --protect cbcs, or leave fairplay out of FLIX_KEY_SERVER_SYSTEMS.",
    );
  const wanted =
    names.length > 0
      ? names
      : Object.keys(systems).filter((name) => scheme === "cbcs" || name !== "fairplay");
  return [...new Set(wanted)].flatMap((name) => systems[name] ?? []);
}

function notValid(message: string, hint: string): EncoderError {
  return new EncoderError("setting_not_valid", { message, hint });
}
