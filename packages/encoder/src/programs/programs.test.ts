import { chmod, copyFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programs, temporaryFolder } from "../../testing/clips.ts";
import { checkPrograms, findPrograms } from "./programs.ts";

async function script(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

test("the doctor names each program with its version and what it can do", async () => {
  const checks = await checkPrograms();
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["ffmpeg", true],
    ["ffprobe", true],
    ["shaka-packager", true],
  ]);
  expect(checks[0]).toMatchObject({ capabilities: expect.arrayContaining(["libx264", "aac", "bwdif"]) });
});

describe("an environment variable decides", () => {
  test("and is named where what it names cannot be run", async () => {
    const env = {
      FLIX_FFMPEG: "/nowhere/ffmpeg",
      FLIX_FFPROBE: "/nowhere/ffprobe",
      FLIX_PACKAGER: "/nowhere/packager",
    };
    expect(await checkPrograms(env)).toMatchObject([
      { ok: false, missing: expect.stringContaining("/nowhere/ffmpeg"), command: "unset FLIX_FFMPEG" },
      { ok: false, command: "unset FLIX_FFPROBE" },
      { ok: false, command: "unset FLIX_PACKAGER" },
    ]);
    await expect(findPrograms(env)).rejects.toMatchObject({
      code: "program_not_found",
      hint: "Correct or unset FLIX_FFMPEG.",
    });
  });

  test("even where another program is better", async () => {
    const folder = await temporaryFolder();
    const poor = await script(
      folder,
      "ffmpeg",
      'case "$*" in *-version*) echo "ffmpeg version 1.0" ;; *) echo " V..... mpeg2video  MPEG-2" ;; esac',
    );
    const failing = await script(folder, "ffprobe", "exit 3");
    await expect(findPrograms({ FLIX_FFMPEG: poor })).rejects.toMatchObject({
      code: "capability_missing",
      message: expect.stringContaining("libx264"),
    });
    await expect(findPrograms({ FLIX_FFPROBE: failing })).rejects.toMatchObject({
      code: "program_not_usable",
      hint: "Correct or unset FLIX_FFPROBE.",
    });
  });
});

test("an ffmpeg of PATH that cannot encode H.264 is passed over", async () => {
  const folder = await temporaryFolder();
  await script(folder, "ffmpeg", 'echo "ffmpeg version 1.0"');
  const found = await findPrograms({ PATH: folder });
  expect(found.ffmpeg.path).not.toContain(folder);
});

test("a program that lost its executable bit gets it back", async () => {
  const path = join(await temporaryFolder(), "packager");
  await copyFile((await programs()).packager.path, path);
  await chmod(path, 0o644);
  const found = await findPrograms({ FLIX_PACKAGER: path });
  expect(found.packager.path).toBe(path);
  expect((await stat(path)).mode & 0o111).not.toBe(0);
});
