import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeClip, programs, temporaryFolder } from "../../../testing/clips.ts";
import { type FilmServer, startFilmServer, testAccess } from "../../../testing/film-server.ts";
import { EncoderError } from "../../errors.ts";
import { bytesIn, mergeRanges, missingRanges } from "./byte-ranges.ts";
import { type MasterCache, openMasterCache } from "./master-cache.ts";
import { seekToPicture } from "../../video/seek-to-picture.ts";
import type { Span } from "./sparse-master.ts";

/** Twenty seconds of noise, which no encoder makes small: 30 MB, so that a part of it is one. */
let film: string;
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder(() => {});
  const noise = "testsrc2=size=320x180:rate=24:duration=20,noise=alls=100:allf=t";
  const video = "-c:v libx264 -preset ultrafast -qp 18 -g 48 -bf 2 -x264-params scenecut=0";
  film = await makeClip(
    join(folder, "film.mp4"),
    ["-f", "lavfi", "-i", noise],
    "-f lavfi -i sine=duration=20",
    video,
    "-c:a aac -shortest",
  );
  return () => rm(folder, { recursive: true });
});

const remux = (name: string, options: string): Promise<string> =>
  makeClip(join(folder, name), ["-i", film], `-map 0 -c copy ${options}`.trim());

async function openCache(budgetBytes = 1e9): Promise<{ cache: MasterCache; folder: string }> {
  const folder = await temporaryFolder();
  const { ffprobe } = await programs();
  const cache = await openMasterCache(folder, { budgetBytes, ffprobe: ffprobe.path, access: testAccess() });
  onTestFinished(() => cache.close());
  return { cache, folder };
}

async function serveFilm(
  path: string,
): Promise<{ server: FilmServer; grant: Parameters<MasterCache["read"]>[0] }> {
  const server = await startFilmServer(await readFile(path));
  return { server, grant: { url: server.url, sizeBytes: server.bytes.length, version: '"v1"' } };
}

/** The span's frames as an encoder of chunks decodes them: any error ends it. */
async function decode(
  path: string,
  { streamIndex, fromSeconds, toSeconds }: Span,
  onStart?: () => void,
): Promise<string> {
  onStart?.();
  const { ffmpeg } = await programs();
  const seek = fromSeconds > 0 ? ["-noaccurate_seek", "-ss", String(fromSeconds)] : [];
  const end = toSeconds === null ? [] : [`,trim=end=${toSeconds}`];
  const decoding = ["-xerror", "-err_detect", "explode", "-copyts", "-start_at_zero", "-threads", "1"];
  const result = await execa(
    ffmpeg.path,
    ["-v", "error", ...decoding, ...seek, "-i", `file:${path}`].concat(
      ["-filter_complex", `[0:${streamIndex}]fps=24${end.join("")}[v]`],
      ["-map", "[v]", "-f", "framemd5", "-"],
    ),
    { reject: false },
  );
  if (result.exitCode !== 0) throw new EncoderError("corrupt", { message: result.stderr, hint: "" });
  return result.stdout;
}

describe("of a film far away, a part is decoded exactly as from the whole, and little else is fetched", () => {
  const containers = [
    ["mp4 with its index at the end", "end.mp4", "-movflags 0"],
    ["mp4 with its index in front", "front.mp4", "-movflags +faststart"],
    ["mp4 that begins late", "late.mp4", "-output_ts_offset 7"],
    ["matroska", "film.mkv", ""],
    ["matroska with its cues in front", "cues.mkv", "-reserve_index_space 50k"],
    ["matroska that begins late", "late.mkv", "-output_ts_offset 7"],
  ] as const;
  const spans = [
    { streamIndex: 0, fromSeconds: 9, toSeconds: 11 },
    { streamIndex: 0, fromSeconds: 0, toSeconds: 3 },
    { streamIndex: 0, fromSeconds: 17, toSeconds: null },
  ] satisfies Span[];

  test.for(containers)("%s", async ([, name, options]) => {
    const path = await remux(name, options);
    const { server, grant } = await serveFilm(path);
    const { cache } = await openCache();
    for (const span of spans) {
      let runs = 0;
      const decoded = await cache.read(grant, span, (path) => decode(path, span, () => (runs += 1)));
      expect([runs, decoded]).toEqual([1, await decode(path, span)]);
      if (span === spans[0]) expect(server.sentBytes).toBeLessThan(server.bytes.length * 0.75);
    }
    expect(server.requests.some((request) => request.endsWith(" -"))).toBe(false);
  });

  test("whose second half has 4 frames a second, so that more has to be looked at", async () => {
    const slow = (time: string): string => `if(lt(${time},98304),${time},98304+(${time}-98304)*6)`;
    const timing = `setts=pts='${slow("PTS")}':dts='${slow("DTS")}'`;
    const path = await makeClip(join(folder, "uneven.mp4"), ["-i", film], "-map 0:v -c copy -bsf:v", [
      timing,
    ]);
    const { server, grant } = await serveFilm(path);
    const { cache } = await openCache();
    const span = { streamIndex: 0, fromSeconds: 20, toSeconds: 31 };
    let runs = 0;
    const decoded = await cache.read(grant, span, (path) => decode(path, span, () => (runs += 1)));
    expect([runs, decoded]).toEqual([1, await decode(path, span)]);
    expect(server.sentBytes).toBeLessThan(server.bytes.length * 0.75);
  });

  test("with a gap, in which the last picture before it is shown", async () => {
    const late = (time: string): string => `if(lt(${time},98304),${time},${time}+30*12288)`;
    const timing = `setts=pts='${late("PTS")}':dts='if(lt(DTS,98304),DTS,DTS+1)'`;
    const path = await makeClip(join(folder, "gap.mp4"), ["-i", film], "-map 0:v -c copy -bsf:v", [timing]);
    const { grant } = await serveFilm(path);
    const { cache } = await openCache();
    const span = { streamIndex: 0, fromSeconds: 19, toSeconds: 21 };
    const ffmpeg = (await programs()).ffmpeg.path;
    let runs = 0;
    const show = async (path: string) => {
      const source = { path, videoIndex: 0 };
      const seek = await seekToPicture({ ffmpeg, source, seekSeconds: 19, shownSeconds: 20 });
      expect(seek).toBeLessThan(8);
      return decode(path, { ...span, fromSeconds: seek }, () => (runs += 1));
    };
    const decoded = await cache.read(grant, span, show);
    expect(runs).toBe(1);
    expect(await show(path)).toBe(decoded);
  });
});

test("a part is fetched once, however many encode it, and the index once for all parts", async () => {
  const { server, grant } = await serveFilm(film);
  const { cache } = await openCache();
  const span = { streamIndex: 0, fromSeconds: 5, toSeconds: 7 };
  const use = () => cache.read(grant, span, async (path) => path);
  const paths = await Promise.all([use(), use(), use()]);
  expect(new Set(paths).size).toBe(1);
  const { sentBytes } = server;
  const resigned = { ...grant, url: `${grant.url}?X-Amz-Signature=2` };
  expect(await cache.read(resigned, span, async (path) => path)).toBe(paths[0]);
  expect(server.sentBytes).toBe(sentBytes);
  await cache.read(grant, { ...span, fromSeconds: 6 }, async () => {});
  expect(server.sentBytes - sentBytes).toBeLessThan(12_000_000);
});

describe("the whole film is fetched, once,", () => {
  test.for([
    ["of a fragmented mp4", "fragments.mp4", "-movflags +frag_keyframe+empty_moov"],
    ["of a transport stream", "film.ts", ""],
    ["of an avi", "film.avi", "-vtag h264"],
  ] as const)("%s", async ([, name, options]) => {
    const path = await remux(name, options);
    const { server, grant } = await serveFilm(path);
    const { cache } = await openCache();
    for (const fromSeconds of [2, 9]) {
      const span = { streamIndex: 0, fromSeconds, toSeconds: fromSeconds + 2 };
      const same = await cache.read(grant, span, async (path) => (await readFile(path)).equals(server.bytes));
      expect(same).toBe(true);
    }
    expect(server.sentBytes).toBeLessThan(server.bytes.length * 1.3);
  });

  test("of a server without ranges", async () => {
    const { server, grant } = await serveFilm(film);
    server.fault = (_, response) => {
      response.writeHead(200, { etag: '"v1"', "content-length": server.bytes.length }).end(server.bytes);
      return true;
    };
    const { cache } = await openCache();
    const span = { streamIndex: 0, fromSeconds: 2, toSeconds: 4 };
    const same = await cache.read(grant, span, async (path) => (await readFile(path)).equals(server.bytes));
    expect(same).toBe(true);
  });

  test("when the part does not decode", async () => {
    const { server, grant } = await serveFilm(film);
    const { cache } = await openCache();
    const seen: boolean[] = [];
    const span = { streamIndex: 0, fromSeconds: 2, toSeconds: 4 };
    const work = async (path: string): Promise<void> => {
      seen.push((await readFile(path)).equals(server.bytes));
      if (!seen.at(-1)) throw new EncoderError("corrupt", { message: "zeros", hint: "" });
    };
    await cache.read(grant, span, work);
    await cache.read(grant, { ...span, fromSeconds: 3 }, work);
    expect(seen).toEqual([false, true, true]);
  });

  test("and is to blame when it does not decode either", async () => {
    const { grant } = await serveFilm(film);
    const { cache } = await openCache();
    const fails = () => Promise.reject(new EncoderError("corrupt", { message: "really", hint: "" }));
    await expect(
      cache.read(grant, { streamIndex: 0, fromSeconds: 2, toSeconds: 4 }, fails),
    ).rejects.toMatchObject({
      code: "corrupt",
    });
  });
});

test("a master that is another one by now is source_changed, and no work begins", async () => {
  const { server, grant } = await serveFilm(film);
  server.etag = '"v2"';
  const { cache } = await openCache();
  let worked = false;
  const work = async (): Promise<void> => void (worked = true);
  const span = { streamIndex: 0, fromSeconds: 2, toSeconds: 4 };
  await expect(cache.read(grant, span, work)).rejects.toMatchObject({ code: "source_changed" });
  await expect(cache.read(grant, null, work)).rejects.toMatchObject({ code: "source_changed" });
  expect(worked).toBe(false);
});

describe("on the disk", () => {
  const used = async (folder: string): Promise<number> => {
    const { stdout } = await execa("du", ["--summarize", "--block-size=1", folder]);
    return Number(stdout.split("\t")[0]);
  };
  const parts = [0, 3, 6, 9, 12, 15].map((fromSeconds) => ({
    streamIndex: 0,
    fromSeconds,
    toSeconds: fromSeconds + 1,
  }));

  test("is no more than the budget; what was used last is kept", async () => {
    const { grant, server } = await serveFilm(film);
    const { cache, folder } = await openCache(40e6);
    for (const span of parts) await cache.read(grant, span, async () => {});
    expect(await used(folder)).toBeLessThan(40e6);
    const { sentBytes } = server;
    const last = { streamIndex: 0, fromSeconds: 15, toSeconds: 16 };
    await cache.read(grant, last, async () => {});
    expect(server.sentBytes).toBe(sentBytes);
  });

  test("what is being worked on is not removed", async () => {
    const { grant } = await serveFilm(film);
    const { cache } = await openCache(30e6);
    const [first, ...rest] = parts;
    await cache.read(grant, first ?? null, async (path) => {
      const before = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
      for (const span of rest) await cache.read(grant, span, async () => {});
      expect(
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      ).toBe(before);
    });
  });

  test("a master that is larger than the budget is no_space", async () => {
    const { grant } = await serveFilm(film);
    const { cache } = await openCache(10e6);
    await expect(cache.read(grant, null, async () => {})).rejects.toMatchObject({ code: "no_space" });
  });

  test("nothing is left when it is closed, and one process has it at a time", async () => {
    const { grant } = await serveFilm(film);
    const { cache, folder } = await openCache();
    const { ffprobe } = await programs();
    const options = { budgetBytes: 1e9, ffprobe: ffprobe.path, access: testAccess() };
    await cache.read(grant, parts[1] ?? null, async () => {});
    await expect(openMasterCache(folder, options)).rejects.toMatchObject({ code: "work_in_use" });
    await cache.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test("whoever stops waiting is not waited for", async () => {
    const { server, grant } = await serveFilm(film);
    server.fault = () => true;
    const { cache } = await openCache();
    const stop = new AbortController();
    const waiting = cache.read(grant, null, async () => {}, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  });
});

test("ranges: what is missing and what is there are all that is wanted, without overlap", () => {
  const range = fc.tuple(fc.nat(200), fc.nat(50)).map(([start, length]) => ({ start, end: start + length }));
  const bytesOf = (ranges: readonly { start: number; end: number }[]): Set<number> =>
    new Set(
      ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index)),
    );
  fc.assert(
    fc.property(fc.array(range), fc.array(range), fc.nat(20), (wanted, filled, gap) => {
      const missing = missingRanges(wanted, filled);
      expect(bytesOf(missing)).toEqual(bytesOf(wanted).difference(bytesOf(filled)));
      expect(bytesIn(missing)).toBe(bytesOf(missing).size);
      const merged = mergeRanges(wanted, gap);
      expect(bytesOf(wanted).isSubsetOf(bytesOf(merged))).toBe(true);
      for (const [index, { start }] of merged.entries())
        expect(start).toBeGreaterThan((merged[index - 1]?.end ?? -1000) + gap);
    }),
  );
});
