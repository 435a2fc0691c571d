import ipaddr from "ipaddr.js";
import { EncoderError } from "../../errors.ts";

type Address = ReturnType<typeof ipaddr.parse>;
export type Network = ReturnType<typeof ipaddr.parseCIDR>;

export const networksVariable = "FLIX_SOURCE_NETWORKS";

/** `10.0.0.0/8, 192.168.1.20`: an address alone is a network of one. */
export function parseNetworks(text = ""): Network[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return words.map((word) => {
    try {
      if (word.includes("/")) return ipaddr.parseCIDR(word);
      const address = ipaddr.parse(word);
      return [address, address.kind() === "ipv4" ? 32 : 128];
    } catch {
      throw new EncoderError("setting_not_valid", {
        message: `${networksVariable} has ${JSON.stringify(word)}, which is no network.`,
        hint: "List networks as 10.0.0.0/8,192.168.1.20.",
      });
    }
  });
}

/** Reached over the internet by anybody: what a URL may name without asking the operator. */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  // Of IPv6 only 2000::/3 is assigned for this; the library calls the rest unicast too where it has no name for it.
  return parsed.kind() === "ipv4" || parsed.match(globalUnicast);
}

const globalUnicast = ipaddr.parseCIDR("2000::/3");

export function isIn(address: string, networks: readonly Network[]): boolean {
  const parsed: Address = ipaddr.process(address);
  return networks.some(
    ([network, bits]) => parsed.kind() === network.kind() && parsed.match([network, bits]),
  );
}

export function isAddress(host: string): boolean {
  return ipaddr.isValid(host);
}
