import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deriveKey, loadSecret } from "./secret.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-secret-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("the configured secret counts, and nothing is written", async () => {
  const configured = "0f".repeat(32);
  expect((await loadSecret(configured, join(folder, "none"))).toString("hex")).toBe(configured);
  expect(await readdir(folder)).toEqual([]);
});

test("a secret is made once, for its owner's eyes only, and nothing else is left behind", async () => {
  const first = await loadSecret(undefined, join(folder, "data"));
  expect(first).toHaveLength(32);
  expect(await loadSecret(undefined, join(folder, "data"))).toEqual(first);
  expect(await readdir(join(folder, "data"))).toEqual(["secret"]);
  expect((await stat(join(folder, "data", "secret"))).mode & 0o777).toBe(0o600);
});

test("of many starts at once all get the same secret", async () => {
  const secrets = await Promise.all(Array.from({ length: 8 }, () => loadSecret(undefined, folder)));
  expect(new Set(secrets.map((secret) => secret.toString("hex"))).size).toBe(1);
  expect(await readFile(join(folder, "secret"), "utf8")).toBe(secrets[0]?.toString("hex"));
});

test.each([[""], ["00ff"], ["x".repeat(64)], [`${"0f".repeat(32)}0f`]])(
  "a kept secret %j is refused rather than used or replaced",
  async (content) => {
    await writeFile(join(folder, "secret"), content);
    await expect(loadSecret(undefined, folder)).rejects.toMatchObject({
      code: "secret_not_valid",
      message: expect.stringContaining(join(folder, "secret")),
    });
    expect(await readFile(join(folder, "secret"), "utf8")).toBe(content);
  },
);

test("each use has a key of its own, the same at every start", () => {
  const secret = Buffer.alloc(32, 7);
  const grants = deriveKey(secret, "media grants");
  expect(grants).toHaveLength(32);
  expect(deriveKey(secret, "media grants")).toEqual(grants);
  expect(deriveKey(secret, "sessions")).not.toEqual(grants);
  expect(deriveKey(Buffer.alloc(32, 8), "media grants")).not.toEqual(grants);
});
