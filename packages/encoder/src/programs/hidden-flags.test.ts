import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../../testing/clips.ts";
import { keysFlag } from "../package/encryption.ts";
import { hideFlags } from "./hidden-flags.ts";
import { runPackager } from "./packager.ts";

const key = Buffer.from("c0ffee00c0ffee00c0ffee00c0ffee00", "hex");
const secretFlags = [keysFlag([{ keyId: "3a7c9e52-41d8-4f06-9b2e-6d5f10c8a7e4", tier: "sd", key }])];
const args = [
  "in=film.mp4,stream=video,output=out.mp4,drm_label=sd",
  "--enable_raw_key_encryption",
  "--quiet",
];

test.runIf(process.platform === "linux")(
  "keys reach the packager past its arguments, its environment and every file that has a name",
  async () => {
    const folder = await temporaryFolder();
    await simpleClip(join(folder, "film.mp4"));
    const { packager } = await programs();
    // Looks at itself as any other program of the machine's could, then becomes the packager.
    const spy = join(folder, "spy");
    // Written so that the pattern does not find itself.
    const search = "grep -rls '[c]0ffee00c0ffee00' . /dev/shm > found";
    const look = `cat /proc/$$/cmdline /proc/$$/environ > seen; ${search}`;
    await writeFile(spy, `#!/bin/sh\n${look}\nexec "${packager.path}" "$@"\n`);
    await chmod(spy, 0o700);
    await runPackager(spy, args, { folder, secretFlags });
    const seen = await readFile(join(folder, "seen"), "utf8");
    expect(seen).toContain("--enable_raw_key_encryption");
    expect(seen).not.toContain("c0ffee");
    expect(await readFile(join(folder, "found"), "utf8")).toBe("");
    const encrypted = await readFile(join(folder, "out.mp4"));
    expect(encrypted.includes("encv")).toBe(true);
    expect(encrypted.includes(key)).toBe(false);
  },
);

test("where there is no such file they reach it by its environment, and are no arguments either", async () => {
  const folder = await temporaryFolder();
  await simpleClip(join(folder, "film.mp4"));
  const { packager } = await programs();
  const hidden = await hideFlags(secretFlags, "win32");
  expect(hidden.args.join(" ")).not.toContain("c0ffee");
  await execa(packager.path, [...args, ...hidden.args], { cwd: folder, env: hidden.env });
  expect((await readFile(join(folder, "out.mp4"))).includes("encv")).toBe(true);
});

test("a packager that refuses its keys is not quoted", async () => {
  const folder = await temporaryFolder();
  await simpleClip(join(folder, "film.mp4"));
  const { packager } = await programs();
  const wrong = [...secretFlags, "--keys=label=sd:key_id=00:key=c0ffee00c0ffee00c0ffee00c0ffee00x"];
  const failure: unknown = await runPackager(packager.path, args, { folder, secretFlags: wrong }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "packager_failed" });
  expect(String(failure)).not.toContain("c0ffee");
});
