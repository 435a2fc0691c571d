import type { Config } from "../../config.ts";

/** A new context is named after its host: `flix.example`, or `flix.example-2` where that is another platform's. */
export function contextNameOf(server: string, { contexts }: Config): string {
  const { hostname } = new URL(server);
  const base = hostname.replaceAll(/[^A-Za-z0-9._-]/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "platform";
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`;
    const taken = contexts[name];
    if (!taken || taken.server === server) return name;
  }
}
