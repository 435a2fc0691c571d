import { expect, test } from "vitest";
import { trustProxies } from "./trusted-proxies.ts";

test.each([
  {
    proxies: ["loopback"],
    trusted: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"],
    others: ["10.0.0.1", "::2"],
  },
  { proxies: ["linklocal"], trusted: ["169.254.3.4", "fe80::1"], others: ["169.253.3.4", "fc00::1"] },
  {
    proxies: ["uniquelocal"],
    trusted: ["10.1.2.3", "172.31.0.1", "192.168.0.9", "fd12::1"],
    others: ["172.32.0.1"],
  },
  { proxies: ["203.0.113.7"], trusted: ["203.0.113.7", "::ffff:203.0.113.7"], others: ["203.0.113.8"] },
  {
    proxies: ["203.0.113.0/25", "2001:db8::/32"],
    trusted: ["203.0.113.127", "2001:db8::9"],
    others: ["203.0.113.128"],
  },
  { proxies: ["0.0.0.0/0"], trusted: ["8.8.8.8"], others: ["2001:db8::1", "unknown", "", "1.2.3"] },
])("$proxies are trusted, others are not", ({ proxies, trusted, others }) => {
  const isTrusted = trustProxies(proxies);
  // Asked twice, the second time from memory.
  for (let time = 0; time < 2; time += 1) {
    expect(trusted.filter((address) => !isTrusted(address))).toEqual([]);
    expect(others.filter(isTrusted)).toEqual([]);
  }
});
