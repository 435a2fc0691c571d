import { elementsOf, parseXml, type XmlElement } from "../xml.ts";
import { type EncryptionScheme, encryptionSchemes } from "./content-key.ts";
import type { Cpix, CpixDrmSystem, CpixKey, CpixUsageRule } from "./cpix.ts";

/** An answer for four keys and four systems has about 20 KB. */
export const largestCpix = 1_000_000;

/**
 * Reads what another program wrote, which may be anything: no document type, no document that is larger than any answer, and
 * no value that is not what its field holds. Keys in the clear only: SPEKE's encryption of keys to a certificate is not read.
 */
export function readCpix(xml: string, notValid: (reason: string) => Error): Cpix {
  if (xml.length > largestCpix) throw notValid("it is too large");
  const root = parseXml(xml, notValid);
  if (root.name !== "CPIX") throw notValid(`its root is <${root.name.slice(0, 40)}>, not <CPIX>`);
  const within = (list: string, item: string): XmlElement[] =>
    elementsOf(root, list).flatMap((element) => elementsOf(element, item));
  return {
    contentId: root.attributes.get("contentId") ?? "",
    keys: within("ContentKeyList", "ContentKey").map((element) => readKey(element, notValid)),
    drmSystems: within("DRMSystemList", "DRMSystem").map((element) => readDrmSystem(element, notValid)),
    usageRules: within("ContentKeyUsageRuleList", "ContentKeyUsageRule").flatMap(
      (element) => readUsageRule(element, notValid) ?? [],
    ),
  };
}

type NotValid = (reason: string) => Error;

function readKey(element: XmlElement, notValid: NotValid): CpixKey {
  const keyId = readId(element, "kid", notValid);
  const scheme = element.attributes.get("commonEncryptionScheme");
  if (!isScheme(scheme))
    throw notValid(`the key ${keyId} has the encryption scheme ${String(scheme).slice(0, 40)}`);
  const [secret] = elementsOf(element, "Data").flatMap((data) => elementsOf(data, "Secret"));
  if (secret && elementsOf(secret, "EncryptedValue").length > 0)
    throw notValid(`the key ${keyId} is encrypted to a certificate, of which nobody here has the key`);
  const [plain] = secret ? elementsOf(secret, "PlainValue") : [];
  const iv = element.attributes.get("explicitIV");
  return {
    keyId,
    scheme,
    ...(plain && { key: readBytes(textOf(plain), 16, `the key ${keyId}`, notValid) }),
    ...(iv !== undefined && { iv: readBytes(iv, 16, `the IV of ${keyId}`, notValid) }),
  };
}

function readDrmSystem(element: XmlElement, notValid: NotValid): CpixDrmSystem {
  const keyId = readId(element, "kid", notValid);
  const systemId = readId(element, "systemId", notValid);
  const field = (name: string, playlist?: string): Buffer | undefined => {
    const found = elementsOf(element, name).find(({ attributes }) => attributes.get("playlist") === playlist);
    return found && readBytes(textOf(found), undefined, `${name} of ${keyId}`, notValid);
  };
  const pssh = field("PSSH");
  const contentProtection = field("ContentProtectionData")?.toString("utf8");
  const hlsMedia = field("HLSSignalingData", "media")?.toString("utf8");
  const hlsMaster = field("HLSSignalingData", "master")?.toString("utf8");
  return {
    keyId,
    systemId,
    ...(pssh && { pssh }),
    ...(contentProtection !== undefined && { contentProtection }),
    ...(hlsMedia !== undefined && { hlsMedia }),
    ...(hlsMaster !== undefined && { hlsMaster }),
  };
}

/** Rules are the encoder's own and only repeated by key servers; one of another kind of filter says nothing to it. */
function readUsageRule(element: XmlElement, notValid: NotValid): CpixUsageRule | undefined {
  const keyId = readId(element, "kid", notValid);
  const intendedTrackType = element.attributes.get("intendedTrackType") ?? "";
  if (elementsOf(element, "AudioFilter").length > 0)
    return { keyId, intendedTrackType, filter: { type: "audio" } };
  const [video] = elementsOf(element, "VideoFilter");
  if (!video) return undefined;
  const limits = ["minPixels", "maxPixels"].flatMap((name) => {
    const value = video.attributes.get(name);
    return value !== undefined && /^\d{1,9}$/.test(value) ? [[name, Number(value)]] : [];
  });
  return { keyId, intendedTrackType, filter: { type: "video", ...Object.fromEntries(limits) } };
}

function readId({ name, attributes }: XmlElement, attribute: string, notValid: NotValid): string {
  const id = attributes.get(attribute)?.toLowerCase() ?? "";
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw notValid(`a <${name}> has no ${attribute} that is a UUID`);
}

function readBytes(text: string, length: number | undefined, what: string, notValid: NotValid): Buffer {
  const compact = text.replaceAll(/\s/g, "");
  const bytes = Buffer.from(compact, "base64");
  if (bytes.toString("base64").replaceAll("=", "") !== compact.replaceAll("=", ""))
    throw notValid(`${what} is not base64`);
  if (length !== undefined && bytes.length !== length)
    throw notValid(`${what} has ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

function textOf({ children }: XmlElement): string {
  return children.filter((child) => typeof child === "string").join("");
}

function isScheme(value: string | undefined): value is EncryptionScheme {
  return encryptionSchemes.some((scheme) => scheme === value);
}
