import type { components } from "@flix/openapi";
import type { ContentKey } from "./content-keys.ts";
import type { KeyTier } from "./key-tiers.ts";

interface Document {
  contentId: string;
  scheme: components["schemas"]["EncryptionScheme"];
  keys: readonly ContentKey[];
}

/**
 * Keys in the clear and what each is for, as other packagers read them (DASH-IF CPIX 2.3). Its values are ids, enumerations,
 * hexadecimal and base64, none of which has a character that XML would want escaped.
 */
export function toCpix({ contentId, scheme, keys }: Document): string {
  const contentKeys = keys.map(({ keyId, key }) => {
    const secret = `<pskc:Secret><pskc:PlainValue>${key.toString("base64")}</pskc:PlainValue></pskc:Secret>`;
    return `<cpix:ContentKey kid="${keyId}" commonEncryptionScheme="${scheme}"><cpix:Data>${secret}</cpix:Data></cpix:ContentKey>`;
  });
  const rules = keys.map(
    ({ keyId, tier }) =>
      `<cpix:ContentKeyUsageRule kid="${keyId}" intendedTrackType="${tier.toUpperCase()}">${filters[tier]}</cpix:ContentKeyUsageRule>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<cpix:CPIX contentId="${contentId}" version="2.3" xmlns:cpix="urn:dashif:org:cpix" xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc">`,
    `<cpix:ContentKeyList>${contentKeys.join("")}</cpix:ContentKeyList>`,
    `<cpix:ContentKeyUsageRuleList>${rules.join("")}</cpix:ContentKeyUsageRuleList>`,
    "</cpix:CPIX>",
  ].join("");
}

/** CPIX counts pixels where tiers count lines; these are the tiers of 16:9, as SPEKE's own presets have them. */
const filters: Record<KeyTier, string> = {
  sd: '<cpix:VideoFilter maxPixels="589824"/>',
  hd: '<cpix:VideoFilter minPixels="589825" maxPixels="2073600"/>',
  uhd: '<cpix:VideoFilter minPixels="2073601"/>',
  audio: "<cpix:AudioFilter/>",
};
