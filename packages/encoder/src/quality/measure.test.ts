import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { encode } from "../pipeline.ts";

const film = testInputs({ size: "320x180", rate: "25", seconds: 3 });

test.each([
  [
    "interlaced",
    "mkv",
    "-vf tinterlace=interleave_top,fieldorder=tff -flags +ilme+ildct -c:v libx264 -preset veryfast -crf 4",
  ],
  [
    "of uneven times",
    "mkv",
    "-vf select=mod(n\\,7)+not(mod(n\\,3)) -fps_mode vfr -c:v libx264 -preset veryfast -crf 4",
  ],
  [
    "with pixels that are not square",
    "mp4",
    "-vf scale=160:180,setsar=2 -c:v libx264 -preset veryfast -crf 4",
  ],
  [
    "that begins late, in a transport stream",
    "ts",
    "-c:v libx264 -preset veryfast -crf 4 -bf 2 -output_ts_offset 3600",
  ],
])(
  "a good encode of a master %s is measured to be good: frame meets frame",
  async (_, container, options) => {
    const folder = await temporaryFolder();
    const input = await makeClip(join(folder, `film.${container}`), film, options, "-c:a aac");
    const { report } = await encode({
      input,
      workDir: join(folder, "work"),
      preset: "superfast",
      programs: await programs(),
      ladder: [{ width: 320, height: 180, maxrateKbps: 50_000, crf: 8 }],
    });
    const [vmaf] = report.renditions.flatMap((rendition) => rendition.vmaf ?? []);
    expect(vmaf).toMatchObject({ model: "vmaf_v0.6.1", frames: 2 });
    expect(vmaf?.mean).toBeGreaterThan(94);
  },
);

test("without libvmaf the renditions are judged by SSIM, and the report says so", async () => {
  const folder = await temporaryFolder();
  const input = await makeClip(join(folder, "film.mp4"), film, "-c:v libx264 -preset ultrafast -c:a aac");
  const { ffmpeg, ...others } = await programs();
  const capabilities = new Set([...ffmpeg.capabilities].filter((name) => name !== "libvmaf"));
  const { report } = await encode({
    input,
    workDir: join(folder, "work"),
    preset: "ultrafast",
    programs: { ...others, ffmpeg: { ...ffmpeg, capabilities } },
    ladder: [{ width: 320, height: 180, maxrateKbps: 5000 }],
  });
  expect(report.warnings).toMatchObject([{ code: "vmaf_not_available" }]);
  const [ssim] = report.renditions.flatMap((rendition) => rendition.ssim ?? []);
  expect(ssim).toMatchObject({ model: "ssim", frames: 2 });
  expect(ssim?.mean).toBeGreaterThan(0.9);
  expect(ssim?.mean).toBeLessThan(1);
});
