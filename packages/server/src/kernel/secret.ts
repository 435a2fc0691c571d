import { hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/** The platform's root secret: the configured one, or one made at the first start and kept with mode 0600. */
export async function loadSecret(configured: string | undefined, dataDirectory: string): Promise<Buffer> {
  if (configured !== undefined) return Buffer.from(configured, "hex");
  const path = join(dataDirectory, "secret");
  await mkdir(dataDirectory, { recursive: true });
  const kept = await readFile(path, "utf8").catch(undefinedWhenMissing);
  const text = (kept ?? (await makeSecret(path))).trim();
  // Anything shorter would still derive keys, and anybody could.
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, "hex");
  throw new SecretError(
    `${path} does not hold 64 hexadecimal digits: restore it from a backup, or set FLIX_SECRET`,
  );
}

/** The secret is damaged, or not the one that this database was written with; what it sealed cannot be opened. */
export class SecretError extends Error {
  readonly code = "secret_not_valid";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SecretError";
  }
}

async function makeSecret(path: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(randomBytes(32).toString("hex"));
    await file.sync();
    // `link` fails when another start was first: whoever is first decides.
    await link(draft, path).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
  return readFile(path, "utf8");
}

function undefinedWhenMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** A key of its own for each use, so that none can stand in for another (RFC 5869). */
export function deriveKey(secret: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `flix ${use}`, 32));
}
