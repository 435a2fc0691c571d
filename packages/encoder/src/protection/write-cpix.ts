import { XMLBuilder } from "fast-xml-parser";
import type { Cpix, CpixDrmSystem, CpixKey, CpixUsageRule } from "./cpix.ts";

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  suppressEmptyNode: true,
});

export function writeCpix({ contentId, keys, drmSystems, usageRules }: Cpix): string {
  const document = {
    "cpix:CPIX": {
      "@contentId": contentId,
      "@version": "2.3",
      "@xmlns:cpix": "urn:dashif:org:cpix",
      "@xmlns:pskc": "urn:ietf:params:xml:ns:keyprov:pskc",
      "cpix:ContentKeyList": { "cpix:ContentKey": keys.map(contentKey) },
      "cpix:DRMSystemList": { "cpix:DRMSystem": drmSystems.map(drmSystem) },
      "cpix:ContentKeyUsageRuleList": { "cpix:ContentKeyUsageRule": usageRules.map(contentKeyUsageRule) },
    },
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`;
}

function contentKey({ keyId, scheme, key, iv }: CpixKey): object {
  return {
    "@kid": keyId,
    "@commonEncryptionScheme": scheme,
    ...(iv && { "@explicitIV": iv.toString("base64") }),
    ...(key && { "cpix:Data": { "pskc:Secret": { "pskc:PlainValue": key.toString("base64") } } }),
  };
}

function drmSystem(system: CpixDrmSystem): object {
  const { keyId, systemId, pssh, contentProtection, hlsMedia, hlsMaster } = system;
  const lists = [
    { "@playlist": "media", text: hlsMedia },
    { "@playlist": "master", text: hlsMaster },
  ];
  const signaling = lists.flatMap(({ text, ...list }) =>
    text === undefined ? [] : [{ ...list, "#text": toBase64(text) }],
  );
  return {
    "@kid": keyId,
    "@systemId": systemId,
    ...(pssh && { "cpix:PSSH": pssh.toString("base64") }),
    ...(contentProtection !== undefined && { "cpix:ContentProtectionData": toBase64(contentProtection) }),
    ...(signaling.length > 0 && { "cpix:HLSSignalingData": signaling }),
  };
}

function contentKeyUsageRule({ keyId, intendedTrackType, filter }: CpixUsageRule): object {
  const { type, ...limits } = filter;
  const attributes = Object.fromEntries(Object.entries(limits).map(([name, value]) => [`@${name}`, value]));
  const element = type === "video" ? { "cpix:VideoFilter": attributes } : { "cpix:AudioFilter": attributes };
  return { "@kid": keyId, "@intendedTrackType": intendedTrackType, ...element };
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}
