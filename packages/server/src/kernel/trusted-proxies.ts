import { BlockList, isIP } from "node:net";

/** Ranges that have a name, as proxy-addr calls them. */
const named: Record<string, readonly string[]> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/** Gateways are few; a stranger's addresses push them out at worst. */
const mostKnown = 1_000;

/**
 * Whose `X-Forwarded-For` counts: addresses, CIDRs and names of ranges. What was found out of an address is known from then on:
 * to parse and compare it for each request took as long as an eighth of a kept answer (`pnpm bench gateway`).
 */
export function trustProxies(proxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const range of proxies.flatMap((proxy) => named[proxy] ?? proxy)) {
    const [address = "", bits] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const known = new Map<string, boolean>();
  return (address) => {
    const found = known.get(address);
    if (found !== undefined) return found;
    const version = isIP(address);
    const isTrusted = version !== 0 && trusted.check(address, version === 6 ? "ipv6" : "ipv4");
    if (known.size >= mostKnown) known.clear();
    known.set(address, isTrusted);
    return isTrusted;
  };
}
