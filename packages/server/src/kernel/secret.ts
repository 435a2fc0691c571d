import { hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The platform's root secret: the configured one, or one made at the first start and kept with mode 0600. */
export async function loadSecret(configured: string | undefined, dataDirectory: string): Promise<Buffer> {
  if (configured !== undefined) return Buffer.from(configured, "hex");
  const path = join(dataDirectory, "secret");
  await mkdir(dataDirectory, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
  // `link` fails when another start was first: whoever is first decides.
  await link(draft, path).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
  await rm(draft);
  return Buffer.from((await readFile(path, "utf8")).trim(), "hex");
}

/** A key of its own for each use, so that none can stand in for another (RFC 5869). */
export function deriveKey(secret: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `flix ${use}`, 32));
}
