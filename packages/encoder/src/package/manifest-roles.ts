import type { AudioRole } from "../audio/audio-role.ts";
import type { TextRole } from "../text/text-role.ts";

/**
 * What a role is called in the packager's descriptors. HLS: RFC 8216bis section 4.4.6.1; DASH: the roles of ISO/IEC 23009-1 section 5.8.5.5 and
 * the purposes of sound that DVB takes from TV-Anytime (ETSI TS 103 285 section 6.1.2).
 */
export const audioFields: Readonly<Record<AudioRole, Record<string, string>>> = {
  main: { dash_roles: "main" },
  commentary: { dash_roles: "commentary" },
  description: {
    dash_roles: "description",
    dash_accessibilities: "urn:tva:metadata:cs:AudioPurposeCS:2007=1",
    hls_characteristics: "public.accessibility.describes-video",
  },
};

export const textFields: Readonly<Record<TextRole, Record<string, string>>> = {
  main: { dash_roles: "subtitle" },
  // Sets the role in DASH, and FORCED and AUTOSELECT in HLS.
  forced: { forced_subtitle: "1" },
  sdh: {
    dash_roles: "caption",
    dash_accessibilities: "urn:tva:metadata:cs:AudioPurposeCS:2007=2",
    hls_characteristics:
      "public.accessibility.transcribes-spoken-dialog;public.accessibility.describes-music-and-sound",
  },
};
