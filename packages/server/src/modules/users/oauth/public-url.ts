import type { FastifyRequest } from "fastify";

/**
 * The provider builds URLs from what the request says about host and protocol. It is told what we are configured to
 * be, and the address that Fastify found, whatever a client wrote into its headers.
 */
export function speakAsPublicUrl({ raw, ip }: FastifyRequest, publicUrl: string): void {
  const { host, protocol } = new URL(publicUrl);
  raw.headers.host = host;
  raw.headers["x-forwarded-proto"] = protocol.slice(0, -1);
  raw.headers["x-forwarded-for"] = ip;
  delete raw.headers["x-forwarded-host"];
}

/** Where the provider is mounted, as clients see it: behind a gateway the public URL may have a path of its own. */
export function mountPathOf(publicUrl: string): string {
  return `${new URL(publicUrl).pathname.replace(/\/$/, "")}/oauth`;
}
