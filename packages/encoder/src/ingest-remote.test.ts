import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeClip, programs, simpleClip, temporaryFolder } from "../testing/clips.ts";
import { type FilmServer, serve, startFilmServer, testAccess } from "../testing/film-server.ts";
import { startPlatform } from "../testing/platform-server.ts";
import { encode, ingest } from "./pipeline.ts";
import { preflight } from "./preflight.ts";

const isLook = (range: string | undefined): boolean => range === "bytes=0-0";
const transfers = (server: FilmServer) => server.requests.filter((request) => !request.endsWith("bytes=0-0"));

async function prepareRemote(film?: string) {
  const folder = await temporaryFolder();
  const path = film ?? (await simpleClip(join(folder, "film.mp4"), { size: "192x108", seconds: 1 }));
  const server = await startFilmServer(await readFile(path));
  const platform = await startPlatform();
  const options = {
    input: `${server.url.replace("http://", "http://ann:hunter2@")}?X-Amz-Signature=hunter2`,
    workDir: join(folder, "work"),
    preset: "ultrafast",
    programs: await programs(),
    client: platform.client,
    titleId: "ttl_1",
    access: testAccess(),
  } as const;
  return { server, platform, options, path };
}

describe("an ingest from an address", () => {
  test("fetches the master, encodes what a file would give, and leaves neither the copy nor what grants access", async () => {
    const { server, platform, options, path } = await prepareRemote();
    const stages = new Set<string>();
    const published = await ingest({ ...options, onProgress: ({ stage }) => stages.add(stage) });
    if (published.unchanged) throw new Error("nothing was done");
    expect([...stages].slice(0, 3)).toEqual(["fetch", "probe", "admit"]);
    expect(published.report.source.filename).toBe("film.mp4");
    expect(published.report.timings[0]?.stage).toBe("fetch");
    expect(platform.sourceFilename).toBe("film.mp4");
    expect(await readdir(options.workDir)).toEqual([]);
    expect(inspect([published, platform], { depth: 12 })).not.toContain("hunter2");

    const again = await ingest(options);
    expect(again.unchanged).toBe(true);
    expect(await readdir(options.workDir)).toEqual([]);

    const here = await encode({ ...options, input: path, workDir: join(path, "../other") });
    expect(published.report.mediaDigest).toBe(here.report.mediaDigest);
    expect(transfers(server)).toHaveLength(2);
  });

  test("that fails later keeps the copy, and the next one does not fetch it again", async () => {
    const { server, platform, options } = await prepareRemote();
    platform.failAfterParts = 0;
    await expect(ingest(options)).rejects.toMatchObject({ code: "upload_failed" });
    platform.failAfterParts = Number.POSITIVE_INFINITY;
    await ingest({ ...options, input: options.input.replace("Signature=hunter2", "Signature=renewed") });
    expect(transfers(server)).toHaveLength(1);
    expect(await readdir(options.workDir)).toEqual([]);
  });

  test("that is cancelled while it fetches says so, and keeps what came", async () => {
    const { server, options } = await prepareRemote();
    const stop = new AbortController();
    server.fault = ({ headers: { range } }, response) => {
      if (isLook(range)) return false;
      const { length } = server.bytes;
      const type = { etag: '"v1"', "content-range": `bytes 0-${length - 1}/${length}` };
      response.writeHead(206, type).write(server.bytes.subarray(0, 5000));
      return true;
    };
    const onProgress = ({ stage, stageFraction }: { stage: string; stageFraction: number }): void => {
      if (stage === "fetch" && stageFraction > 0) stop.abort();
    };
    await expect(ingest({ ...options, signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: "cancelled",
    });
    const [kept] = await readdir(join(options.workDir, "sources"));
    expect(kept).toMatch(/\.partial$/);
  });

  test("that may not be asked for is refused before a job is begun with it", async () => {
    const { server, platform, options } = await prepareRemote();
    const closed = ingest({ ...options, access: testAccess({ networks: [] }) });
    await expect(closed).rejects.toMatchObject({ code: "url_not_allowed" });
    expect(server.requests).toEqual([]);
    expect(platform.reports.at(-1)?.object("failure").text("code")).toBe("url_not_allowed");
  });
});

test("after kill -9 while it fetches the next run goes on where it was", async () => {
  const { server, options } = await prepareRemote();
  server.bytes = Buffer.alloc(8_000_000, "film");
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  server.fault = ({ headers: { range } }, response) => {
    if (isLook(range)) return false;
    const { length } = server.bytes;
    const type = { etag: '"v1"', "content-range": `bytes 0-${length - 1}/${length}` };
    response.writeHead(206, type).write(server.bytes.subarray(0, 5_000_000), () => resolve());
    return true;
  };
  const script = join(import.meta.dirname, "../testing/encode-process.ts");
  const child = spawn(
    process.execPath,
    ["--conditions=@flix/source", script, options.input, options.workDir],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, FLIX_SOURCE_NETWORKS: "127.0.0.1" },
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  await Promise.all([sent, once(child.stdout, "data")]);
  child.kill("SIGKILL");
  await once(child, "close");
  server.fault = (request, response) => {
    serve(server, request, response);
    return true;
  };
  server.requests.length = 0;
  // It is no film: what is looked at is how it came.
  await expect(encode(options)).rejects.toMatchObject({ code: "not_media" });
  const [from] = transfers(server).map((request) => Number(/bytes=(\d+)-/.exec(request)?.[1]));
  expect(from).toBeGreaterThan(0);
});

describe("preflight of an address", () => {
  let folder: string;
  let long: string;
  // Noise, which no encoder makes small, so that a part of it is one.
  beforeAll(async () => {
    folder = await temporaryFolder(() => {});
    const noise = ["-f", "lavfi", "-i", "testsrc2=size=256x144:rate=24:duration=28,noise=alls=100:allf=t"];
    const sound = "-f lavfi -i sine=duration=28";
    const codecs = "-c:v libx264 -preset ultrafast -qp 16 -g 48 -c:a aac";
    long = await makeClip(join(folder, "film.mp4"), noise, sound, codecs, "-movflags +faststart");
    return () => rm(folder, { recursive: true });
  });

  test.for(["film.mp4", "film.mkv"])(
    "reads of %s only what tells the plan, the same as of a file",
    async (name) => {
      const path = name === "film.mp4" ? long : await makeClip(join(folder, name), ["-i", long], "-c copy");
      const { server, options } = await prepareRemote(path);
      const remote = await preflight({ ...options, input: options.input.replace("film.mp4", name) });
      const { size } = await stat(path);
      expect(remote).toMatchObject({ ok: true, problems: [], master: { filename: name, sizeBytes: size } });
      expect(remote.source?.path).toBe(server.url.replace("film.mp4", name));
      expect(inspect(remote, { depth: 12 })).not.toMatch(/hunter2|flix-peek/);
      const local = await preflight({ ...options, input: path });
      expect(remote.plan).toEqual(local.plan);
      expect(remote.requiredDiskBytes).toBe((local.requiredDiskBytes ?? 0) + size);
      if (name === "film.mp4") expect(server.sentBytes).toBeLessThan(size * 0.5);
    },
  );

  test("finds that it was cut, before it is fetched", async () => {
    const { server, options } = await prepareRemote(long);
    server.bytes = server.bytes.subarray(0, server.bytes.length * 0.6);
    const found = await preflight(options);
    expect(found.problems).toMatchObject([
      { code: "truncated", message: expect.not.stringContaining("flix-peek") },
    ]);
    expect(server.sentBytes).toBeLessThan(server.bytes.length * 0.8);
  });

  test("says that it has to be fetched first where it cannot be read in parts", async () => {
    const { server, options } = await prepareRemote();
    server.fault = (_, response) => {
      response.writeHead(200, { "content-length": server.bytes.length }).end(server.bytes);
      return true;
    };
    const found = await preflight(options);
    expect(found).toMatchObject({
      ok: true,
      source: null,
      plan: null,
      warnings: [{ code: "source_not_read" }],
    });
    expect(found).toMatchObject({
      requiredDiskBytes: server.bytes.length,
      freeDiskBytes: expect.any(Number),
    });
  });

  test.for([
    ["http://127.0.0.1:1/film.mp4", "source_unreachable"],
    ["http://10.0.0.1/film.mp4", "url_not_allowed"],
    ["ftp://example.com/film.mp4", "url_not_valid"],
  ] as const)("%s is %s", async ([input, code]) => {
    const found = await preflight({ input, programs: await programs(), access: testAccess() });
    expect(found).toMatchObject({ ok: false, master: null, problems: [{ code }] });
  });
});
