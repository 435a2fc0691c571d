import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { EncoderError, systemErrorCode } from "../../errors.ts";
import { isAddress, isIn, isPublic, type Network, networksVariable, parseNetworks } from "./networks.ts";
import { Interrupted, type Patience, patience } from "./retry.ts";

/** Who may be asked for a master, and how long. */
export interface SourceAccess {
  /** Networks of the operator's own, reached over plain http too. */
  networks: readonly Network[];
  resolve(host: string): Promise<LookupAddress[]>;
  patience: Patience;
  /** No master is larger; it bounds what a server that never ends can fill. */
  maxBytes: number;
  env: Environment;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function sourceAccess(env: Environment = process.env): SourceAccess {
  return {
    networks: parseNetworks(env[networksVariable]),
    resolve: (host) => lookup(host, { all: true }),
    patience,
    maxBytes: 2e12,
    env,
  };
}

/**
 * Resolves a URL's host and answers the addresses to connect to, all of them checked, so that the name cannot mean another machine by the time
 * of the connection (DNS rebinding). Decimal, octal and hexadecimal addresses come in their usual form from the URL parser.
 */
export async function requireAllowed(url: URL, access: SourceAccess): Promise<LookupAddress[]> {
  if (!["http:", "https:"].includes(url.protocol)) throw notAllowed(url, `${url.protocol} is not supported`);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isAddress(host)
    ? [{ address: host, family: host.includes(":") ? 6 : 4 }]
    : await resolveHost(host, access);
  for (const { address } of addresses) {
    if (isIn(address, access.networks)) continue;
    if (url.protocol === "http:") throw notAllowed(url, "plain http is for networks of your own");
    if (!isPublic(address)) throw notAllowed(url, `${address} is not an address of the public internet`);
  }
  return addresses;
}

async function resolveHost(host: string, { resolve }: SourceAccess): Promise<LookupAddress[]> {
  try {
    const found = await resolve(host);
    if (found.length > 0) return found;
  } catch (error) {
    const unknown = unreachable(
      host,
      `its name cannot be resolved (${systemErrorCode(error) ?? "unknown reason"})`,
    );
    throw systemErrorCode(error) === "ENOTFOUND" ? unknown : new Interrupted(unknown);
  }
  throw unreachable(host, "its name has no address");
}

export function unreachable(host: string, reason: string): EncoderError {
  return new EncoderError("source_unreachable", {
    message: `${host} cannot be reached: ${reason}.`,
    hint: "Check the address and the network, then run the same command again: it goes on where it stopped.",
  });
}

function notAllowed({ protocol, host }: URL, reason: string): EncoderError {
  return new EncoderError("url_not_allowed", {
    message: `${protocol}//${host} may not be asked: ${reason}.`,
    hint: `Name a public https address; a network of your own is opened with ${networksVariable}=10.0.0.0/8.`,
  });
}
