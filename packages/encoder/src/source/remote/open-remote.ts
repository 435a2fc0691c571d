import type { RemoteAddress } from "./master-address.ts";
import type { RemoteSource } from "./remote-source.ts";
import { openS3Source } from "./s3-source.ts";
import type { SourceAccess } from "./source-access.ts";
import { openWebSource } from "./web-source.ts";

/** Asks what lies at an address, and how it can be read. */
export async function openRemote(
  address: RemoteAddress,
  access: SourceAccess,
  signal: AbortSignal,
): Promise<RemoteSource> {
  switch (address.kind) {
    case "web":
      return openWebSource(address.url, access, signal);
    case "s3":
      return openS3Source(address, access, signal);
  }
}
