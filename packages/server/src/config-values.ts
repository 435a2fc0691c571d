import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";

export function integer(value: string, low: number, high: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= low && number <= high) return number;
  throw new Error(`must be a whole number from ${low} to ${high}`);
}

export function baseUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === "")
    return url.href.replace(/\/+$/, "");
  throw new Error("must be an http or https URL");
}

export function origin(value: string): string {
  const url = baseUrl(value);
  if (url === new URL(url).origin) return url;
  throw new Error("must be origins such as https://watch.example.com, without a path");
}

/** Addresses, CIDRs, or the names that proxy-addr knows. */
export function proxies(value: string): string[] {
  return words(value).map((word) => {
    const [address = "", bits, ...rest] = word.split("/");
    const version = isIP(address);
    const prefix = bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
    if (version !== 0 && prefix && rest.length === 0) return word;
    return oneOf(word, ["loopback", "linklocal", "uniquelocal"], "an address, a CIDR");
  });
}

export function headerName(value: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(value)) return value.toLowerCase();
  throw new Error("must be the name of a header");
}

export function playerBuild(value: string): string {
  const folder = resolve(value);
  if (existsSync(join(folder, "index.html"))) return folder;
  throw new Error("must be a folder with the built player: it has no index.html");
}

export function redisUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^rediss?:$/.test(url.protocol) && url.hostname !== "" && /^(\/\d*)?$/.test(url.pathname))
    return value;
  throw new Error("must be a URL such as redis://user:password@host:6379, or rediss:// for TLS");
}

export function hexSecret(value: string): string {
  if (/^[0-9a-f]{64}$/i.test(value)) return value;
  throw new Error("must be 64 hexadecimal digits: openssl rand -hex 32");
}

const licensedSystems = ["com.widevine.alpha", "com.microsoft.playready", "com.apple.fps"] as const;
export type LicenseServers = Partial<Record<(typeof licensedSystems)[number], string>>;

/** `com.widevine.alpha=https://license.example.com/widevine,...`; a URL may have a query. */
export function licenseServers(value: string): LicenseServers {
  const servers = words(value).map((word) => {
    const [system = "", url = ""] = word.split(/=(.*)/s);
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (address?.protocol !== "https:" && address?.protocol !== "http:")
      throw new Error("must be pairs such as com.widevine.alpha=https://license.example.com/widevine");
    return [oneOf(system, licensedSystems), url] as const;
  });
  return Object.fromEntries(servers);
}

export function oneOf<Word extends string>(value: string, known: readonly Word[], others?: string): Word {
  const word = known.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new Error(
    `${value} must be ${others === undefined ? "" : `${others} or `}one of ${known.join(", ")}`,
  );
}

export function words(value: string): string[] {
  return value
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
