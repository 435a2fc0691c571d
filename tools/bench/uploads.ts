import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createFlix, type Flix, type Input, isFlixError } from "@flix/sdk";
import { build } from "esbuild";
import { parseLocation } from "../../packages/server/src/engines/objects/location.ts";
import { createS3Objects } from "../../packages/server/src/engines/objects/s3.ts";
import { findPort } from "../demo/port.ts";
import { findAccess, whyMissing } from "../engines/find-access.ts";
import { s3, type S3Access } from "../engines/s3.ts";
import { type Bench, BenchMissing, type Figure, median, spread } from "./bench.ts";
import { memoryOf } from "./process-memory.ts";

const fileBytes = Number(process.env["FLIX_GB"] ?? 0.25) * 1e9;
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 3);
/** Of all that a run writes. */
const prefix = `bench-${randomUUID()}`;
const manifests = ["manifest.mpd", "master.m3u8"];
const goalRatio = 0.95;
const goalMb = 100;

export const uploads: Bench = {
  question: `How fast does a file of ${fileBytes / 1e9} GB of a package reach the bucket, and is it whole there?`,
  async run() {
    const access = findAccess(s3);
    if (!access) throw new BenchMissing(`it ${whyMissing(s3)}`);
    if (!hasLibrary()) throw new BenchMissing("it needs @aws-sdk/lib-storage beside @aws-sdk/client-s3");
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    try {
      const file = await makeFile(folder);
      const program = await buildProgram(folder);
      const platform = await startPlatform(folder, access);
      try {
        return await compare({ ...platform, program }, access, file);
      } finally {
        platform.process.kill("SIGTERM");
        await once(platform.process, "exit");
        await clear(access);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface LargeFile {
  folder: string;
  path: string;
  sha256: string;
  sizeBytes: number;
}

interface Platform {
  process: ChildProcess;
  url: string;
  clientId: string;
  clientSecret: string;
  flix: Flix;
}

/** What one way to upload took, from its start to the answer that all is there. */
interface Run {
  seconds: number;
  /** Of the process that uploads, at its highest. */
  bytesHeld: number;
}

interface ProductRun extends Run {
  /** From there to a package that is complete: the platform reads the file once. */
  secondsRead: number;
}

function hasLibrary(): boolean {
  try {
    createRequire(import.meta.url).resolve("@aws-sdk/lib-storage");
    return true;
  } catch {
    return false;
  }
}

/** As JavaScript, like its anchor: a process that strips types holds 18 MB more, which no user's does. */
async function buildProgram(folder: string): Promise<string> {
  const outfile = join(folder, "upload-package.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "upload-package.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@flix/source"],
    outfile,
  });
  return outfile;
}

/** Bytes that nothing can make smaller, and manifests of a byte each. */
async function makeFile(folder: string): Promise<LargeFile> {
  for (const name of manifests) await writeFile(join(folder, name), "\n");
  const path = join(folder, "film.mp4");
  const hash = createHash("sha256");
  const file = await open(path, "w");
  let sizeBytes = 0;
  for (; sizeBytes < fileBytes; sizeBytes += 4_000_000) {
    const bytes = randomBytes(4_000_000);
    hash.update(bytes);
    await file.write(bytes);
  }
  await file.close();
  return { folder, path, sha256: hash.digest("hex"), sizeBytes };
}

async function startPlatform(folder: string, access: S3Access): Promise<Platform> {
  const port = await findPort(0);
  const query = new URLSearchParams({ endpoint: access.endpoint, region: access.region });
  const env = {
    ...process.env,
    FLIX_DATA: folder,
    FLIX_PORT: String(port),
    FLIX_PUBLIC_URL: `http://127.0.0.1:${port}`,
    FLIX_OBJECTS: `s3://${access.bucket}/${prefix}?${query}`,
    ...keysOf(access),
  };
  const child = fork(join(import.meta.dirname, "api-server.ts"), { env });
  const [{ url, clientId, clientSecret }] = await once(child, "message");
  const flix = createFlix({ server: url, clientId, clientSecret });
  return { process: child, url, clientId, clientSecret, flix };
}

/** The platform deletes what it has later than this run lasts. */
async function clear(access: S3Access): Promise<void> {
  const { endpoint, region, bucket } = access;
  Object.assign(process.env, keysOf(access));
  const location = parseLocation(`s3://${bucket}?${new URLSearchParams({ endpoint, region })}`);
  if (location.kind === "s3") await createS3Objects(location).deleteUnder(prefix);
}

function keysOf({ accessKeyId, secretAccessKey }: S3Access): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

async function compare(
  platform: Platform & { program: string },
  access: S3Access,
  file: LargeFile,
): Promise<Figure[]> {
  const runs: { product: ProductRun[]; library: Run[] } = { product: [], library: [] };
  for (let round = 0; round < rounds; round += 1) {
    runs.library.push(await runLibrary(access, file));
    runs.product.push(await runProduct(platform, file));
  }
  const ratios = runs.product.map(({ seconds }, at) => (runs.library[at]?.seconds ?? NaN) / seconds);
  const held = Math.max(...runs.product.map(({ bytesHeld }) => bytesHeld));
  const heldByLibrary = Math.max(...runs.library.map(({ bytesHeld }) => bytesHeld));
  const heldByServer = memoryOf(platform.process.pid ?? 0)?.highest ?? NaN;
  const seconds = median(runs.library.map((run) => run.seconds));
  const read = median(runs.product.map(({ secondsRead }) => secondsRead));
  const anchor = `lib-storage: ${seconds.toFixed(2)} s; ${spread(ratios)}; ${read.toFixed(2)} s more until the platform has read the whole, which lib-storage does not`;
  const ratio = median(ratios);
  return [
    {
      label: "speed of an upload",
      value: ratio.toFixed(2),
      goal: `>= ${goalRatio}`,
      met: ratio >= goalRatio,
      anchor,
    },
    {
      label: "resident memory of the process that uploads",
      value: megabytes(held),
      goal: `< ${goalMb} MB`,
      met: held < goalMb * 1e6,
      anchor: `VmHWM; lib-storage: ${megabytes(heldByLibrary)}; the platform: ${megabytes(heldByServer)}`,
    },
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

async function runLibrary(access: S3Access, file: LargeFile): Promise<Run> {
  const { endpoint, region, bucket } = access;
  const env = { ...process.env, ...keysOf(access) };
  const work = { endpoint, region, bucket, key: `${prefix}/library/${randomUUID()}`, path: file.path };
  return runIn(fork(join(import.meta.dirname, "upload-by-library.mjs"), { env }), work);
}

/** A package of its own each time: what another one holds is not sent again. */
async function runProduct(
  { flix, url, clientId, clientSecret, program }: Platform & { program: string },
  file: LargeFile,
): Promise<ProductRun> {
  const title = await flix.createTitle({ body: { kind: "film", title: "A large film" } });
  const { id } = await flix.createPackage({ title_id: title.id, body: packageOf(file) });
  const work = { server: url, clientId, clientSecret, packageId: id };
  const paths = [basename(file.path), ...manifests];
  const run = await runIn(fork(program), { ...work, folder: file.folder, paths });
  const sentMs = performance.now();
  await complete(flix, id);
  const secondsRead = (performance.now() - sentMs) / 1000;
  await flix.deletePackage({ package_id: id });
  return { ...run, secondsRead };
}

/** Until the platform has read the large file: the next run shall not share the machine with that. */
async function complete(flix: Flix, packageId: string): Promise<void> {
  try {
    await flix.completePackage({ package_id: packageId });
  } catch (error) {
    if (!isFlixError(error) || error.code !== "package_unverified") throw error;
    await complete(flix, packageId);
  }
}

function packageOf({ sha256, sizeBytes }: LargeFile): Input<"createPackage">["body"] {
  const manifest = { sha256: createHash("sha256").update("\n").digest("hex"), size_bytes: 1 };
  const files = [
    { path: "film.mp4", sha256, size_bytes: sizeBytes, content_type: "video/mp4" as const },
    { path: "manifest.mpd", ...manifest, content_type: "application/dash+xml" as const },
    { path: "master.m3u8", ...manifest, content_type: "application/vnd.apple.mpegurl" as const },
  ];
  const list = files.map((listed) => `${listed.sha256}  ${listed.path}\n`).join("");
  return {
    digest: createHash("sha256").update(list).digest("hex"),
    duration_seconds: 1,
    renditions: [{ id: "video", type: "video", codec: "avc1.640028" }],
    hls_path: "master.m3u8",
    dash_path: "manifest.mpd",
    files,
  };
}

async function runIn(child: ChildProcess, work: object): Promise<Run> {
  child.send(work);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`An upload ended with exit code ${code}`);
  });
  const [{ seconds, bytesHeld }] = await Promise.race([once(child, "message"), ended]);
  child.disconnect();
  return { seconds, bytesHeld };
}
