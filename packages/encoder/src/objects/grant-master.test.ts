import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { s3 as engine } from "../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { bigBuckBunny, programs, temporaryFolder } from "../../testing/clips.ts";
import { testAccess } from "../../testing/film-server.ts";
import { parseMasterAddress } from "../source/remote/master-address.ts";
import { openMasterCache } from "../source/sparse/master-cache.ts";
import { grantOrigin, shareMaster } from "./grant-master.ts";

const { signal } = new AbortController();

/** The packets of a part, as they are. */
async function packetsOf(path: string): Promise<string> {
  const { ffmpeg } = await programs();
  const part = [
    "-ss",
    "21",
    "-i",
    `file:${path}`,
    "-t",
    "2",
    "-map",
    "0:v",
    "-c",
    "copy",
    "-f",
    "framemd5",
    "-",
  ];
  return (await execa(ffmpeg.path, ["-v", "error", "-xerror", ...part])).stdout;
}

describeWith(engine, "a master in S3", (s3) => {
  const access = testAccess({
    env: {
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_REGION: s3.region,
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    },
  });
  /** A worker's: it holds no key, and its disk no film. */
  const keyless = testAccess();

  test("of a disk that workers do not see is put there once, and read by its signed address in parts", async () => {
    const store = `s3://${s3.bucket}/${randomBytes(6).toString("hex")}`;
    const file = { path: bigBuckBunny(), key: "digest-of-the-film" };
    const progress: number[] = [];
    const options = { access, seconds: 600, signal };
    const shared = await shareMaster(store, file, {
      ...options,
      onProgress: (fraction) => progress.push(fraction),
    });
    if (!shared) throw new Error("not shared");
    onTestFinished(() => shared.remove());
    expect([progress.length, progress.at(-1)]).toEqual([3, 1]);
    await shareMaster(store, file, { ...options, onProgress: () => expect.fail("sent again") });

    const { ffprobe } = await programs();
    const cache = await openMasterCache(await temporaryFolder(), {
      budgetBytes: 1e9,
      ffprobe: ffprobe.path,
      access: keyless,
    });
    onTestFinished(() => cache.close());
    const grant: typeof shared.grant = JSON.parse(JSON.stringify(shared.grant));
    const span = { streamIndex: 0, fromSeconds: 21, toSeconds: 23 };
    const isWhole = async (path: string) => (await readFile(path)).equals(await readFile(file.path));
    const read = async (path: string) => [await packetsOf(path), await isWhole(path)];
    expect(await cache.read(grant, span, read)).toEqual([await packetsOf(file.path), false]);
    expect(await cache.read(grant, null, isWhole)).toBe(true);

    const address = parseMasterAddress(`${store}/masters/${file.key}`);
    if (address.kind === "file") throw new Error("no address");
    const origin = { address, version: grant.version };
    const granted = await grantOrigin(origin, options);
    expect(await cache.read(granted ?? grant, span, packetsOf)).toBe(await packetsOf(file.path));
    expect(granted).toMatchObject({ sizeBytes: grant.sizeBytes, version: grant.version });
    expect(await grantOrigin({ address, version: '"another"' }, options)).toBe(null);
  });
});

test("a master that only this machine may reach is not granted where it lies", async () => {
  const options = { access: testAccess(), seconds: 600, signal };
  const address = { kind: "web", url: new URL("https://media.example.com/film.mov") } as const;
  expect(await grantOrigin({ address, version: '"v1"' }, options)).toBe(null);
});

test("a store in a folder takes no master: workers see the master as they see the store", async () => {
  const options = { access: testAccess(), seconds: 600, signal };
  expect(await shareMaster("/mnt/store", { path: bigBuckBunny(), key: "x" }, options)).toBe(null);
});
