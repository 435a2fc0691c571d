import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { encode } from "../pipeline.ts";
import { readProgram } from "../programs/ffmpeg.ts";

/** The worst likeness of any frame to the same frame of the film, in dB; one frame beside it is under 25. */
async function worstLikeness(renditionFolder: string, film: string, rate: string): Promise<number> {
  const count = (await readdir(renditionFolder)).filter((name) => name.endsWith(".m4s")).length;
  const names = ["init.mp4", ...Array.from({ length: count }, (_, index) => `${index + 1}.m4s`)];
  const parts = await Promise.all(names.map((name) => readFile(join(renditionFolder, name))));
  const joined = join(renditionFolder, "../joined.mp4");
  await writeFile(joined, Buffer.concat(parts));
  const graph = `[0:v]settb=1/1000,setpts=N[a];[1:v]fps=${rate}:start_time=0,settb=1/1000,setpts=N[b];[a][b]psnr=stats_file=-`;
  const inputs = ["-i", joined, "-i", film];
  const args = ["-v", "error", ...inputs, "-lavfi", graph, "-f", "null", "/dev/null"];
  const { stdout } = await readProgram((await programs()).ffmpeg.path, args);
  const values = [...stdout.matchAll(/psnr_y:(inf|[\d.]+)/g)].map(([, value]) =>
    value === "inf" ? 100 : Number(value),
  );
  expect(values.length).toBeGreaterThan(600);
  return Math.min(...values);
}

/** So that luma stays what it was: film of this size without tags would be taken for BT.601. */
const hdColors = "-vf setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709";

test.each([
  ["closed GOPs", "mp4", "24", "-x264-params keyint=60:open-gop=0"],
  [
    "open GOPs, whose leading pictures no seek can decode",
    "mkv",
    "24000/1001",
    "-x264-params keyint=60:open-gop=1:bframes=3:b-adapt=0",
  ],
  ["a transport stream that begins late", "ts", "25", "-bf 2 -output_ts_offset 3600"],
  ["one key frame only", "mp4", "30", "-g 9999"],
])("the frames of the chunks are those of the film: %s", async (_, container, rate, options) => {
  const folder = await temporaryFolder();
  const input = await makeClip(
    join(folder, `film.${container}`),
    testInputs({ size: "160x96", rate, seconds: 26 }),
    `${hdColors} -c:v libx264 -preset veryfast -crf 10`,
    options,
    "-c:a aac",
  );
  const encoded = await encode({
    input,
    workDir: join(folder, "work"),
    preset: "ultrafast",
    programs: await programs(),
    ladder: [{ width: 160, height: 96, maxrateKbps: 100_000 }],
  });
  expect(encoded.report.chunks.length).toBeGreaterThan(1);
  expect(Math.abs(encoded.report.frames - encoded.report.plan.expectedFrames)).toBeLessThanOrEqual(1);
  expect(await worstLikeness(join(encoded.folder, "video-96p"), input, rate)).toBeGreaterThan(30);
});

test("so are those of HEVC and AV1, whose chunks join as exactly and whose bytes repeat", async () => {
  const folder = await temporaryFolder();
  const input = await makeClip(
    join(folder, "film.mp4"),
    testInputs({ size: "160x96", rate: "30000/1001", seconds: 26 }, []),
    `${hdColors} -c:v libx264 -preset veryfast -crf 10`,
  );
  const encodeAgain = async (workers: number) =>
    encode({
      input,
      workDir: join(folder, `work-${workers}`),
      workers,
      preset: "ultrafast",
      codecs: ["hevc", "av1"],
      programs: await programs(),
      ladder: [{ width: 160, height: 96, maxrateKbps: 100_000 }],
    });
  const [first, second] = [await encodeAgain(2), await encodeAgain(1)];
  expect(first.report.chunks.map(({ codec }) => codec)).toEqual([
    "h264",
    "h264",
    "hevc",
    "hevc",
    "av1",
    "av1",
  ]);
  expect(second.report.mediaDigest).toBe(first.report.mediaDigest);
  for (const id of ["video-96p", "video-hevc-96p", "video-av1-96p"])
    expect(await worstLikeness(join(first.folder, id), input, "30000/1001")).toBeGreaterThan(30);
});
