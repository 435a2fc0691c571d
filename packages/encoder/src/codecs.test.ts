import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, simpleClip, temporaryFolder, testInputs } from "../testing/clips.ts";
import { parseDash, parseHls } from "../testing/players.ts";
import type { EncodedPackage } from "./build.ts";
import { jsonFields, type JsonFields } from "./json-fields.ts";
import { encode } from "./pipeline.ts";
import { preflight } from "./preflight.ts";
import { readProgram } from "./programs/ffmpeg.ts";

async function firstFrame({ folder }: EncodedPackage, id: string): Promise<JsonFields> {
  const shown = ["-show_frames", "-read_intervals", "%+#1", "-of", "json"];
  const args = [
    "-v",
    "error",
    "-protocol_whitelist",
    "concat,file",
    ...shown,
    `concat:${id}/init.mp4|${id}/1.m4s`,
  ];
  const { stdout } = await readProgram((await programs()).ffprobe.path, args, { folder });
  return jsonFields(JSON.parse(stdout)).list("frames")[0] ?? jsonFields({});
}

test("an HDR film in three codecs is one package: SDR of each, HDR where 10 bits go, and players' parsers take it without a warning", async () => {
  const folder = await temporaryFolder();
  const light =
    "master-display=G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(10000000,50):max-cll=800,300";
  const input = await makeClip(
    join(folder, "film.mp4"),
    testInputs({ size: "640x360", seconds: 3 }),
    "-vf setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,format=yuv420p10le",
    `-c:v libx265 -preset ultrafast -x265-params log-level=none:${light} -c:a aac`,
  );
  const options = {
    preset: "ultrafast",
    programs: await programs(),
    codecs: ["hevc", "av1"],
    hdr: true,
  } as const;
  const encoded = await encode({ input, workDir: join(folder, "work"), ...options });
  const { report } = encoded;
  expect(report.warnings.map(({ code }) => code)).toContain("tone_mapped");
  const video = report.renditions.filter(({ type }) => type === "video");
  expect(video.map(({ id, codec }) => [id, codec.split(".", 1)[0]])).toEqual([
    ["video-360p", "avc1"],
    ["video-234p", "avc1"],
    ["video-hevc-360p", "hvc1"],
    ["video-av1-360p", "av01"],
    ["video-hevc-hdr-360p", "hvc1"],
    ["video-av1-hdr-360p", "av01"],
  ]);
  expect(report.plan.video.map(({ encoder }) => encoder)).toEqual([
    "libx264",
    "libx264",
    "libx265",
    "libsvtav1",
    "libx265",
    "libsvtav1",
  ]);

  const hls = await parseHls(encoded.folder, "master.m3u8");
  expect(hls.warnings).toEqual([]);
  const variants = hls.manifest.playlists?.map(({ attributes }) => [
    String(attributes["CODECS"])
      .slice(0, 6)
      .replace(/^avc1.*/, "avc1"),
    attributes["VIDEO-RANGE"],
  ]);
  expect(variants).toEqual([
    ["avc1", "SDR"],
    ["avc1", "SDR"],
    ["hvc1.1", "SDR"],
    ["av01.0", "SDR"],
    ["hvc1.2", "PQ"],
    ["av01.0", "PQ"],
  ]);
  const dash = await parseDash(encoded.folder, "manifest.mpd");
  expect(dash.warnings).toEqual([]);
  expect(dash.manifest.playlists).toHaveLength(6);
  const mpd = await readFile(join(encoded.folder, "manifest.mpd"), "utf8");
  const sets = mpd.split("<AdaptationSet ").filter((set) => set.includes('contentType="video"'));
  const transfer = (set: string): string | undefined =>
    /TransferCharacteristics" value="(\d+)"/.exec(set)?.[1];
  expect(sets.map((set) => [set.match(/codecs="(....)/)?.[1], transfer(set)])).toEqual([
    ["avc1", "1"],
    ["hvc1", "1"],
    ["av01", "1"],
    ["hvc1", "16"],
    ["av01", "16"],
  ]);

  for (const id of ["video-hevc-hdr-360p", "video-av1-hdr-360p"]) {
    const frame = await firstFrame(encoded, id);
    expect([id, frame.text("pix_fmt"), frame.text("color_transfer")]).toEqual([
      id,
      "yuv420p10le",
      "smpte2084",
    ]);
    const [display, contentLight] = ["Mastering display metadata", "Content light level metadata"].map(
      (type) => frame.list("side_data_list").find((data) => data.text("side_data_type") === type),
    );
    const [luminance, unit] = (display?.text("max_luminance") ?? "").split("/").map(Number);
    expect((luminance ?? 0) / (unit ?? 1)).toBeCloseTo(1000, 1);
    expect([contentLight?.number("max_content"), contentLight?.number("max_average")]).toEqual([800, 300]);
  }
  const sdr = await firstFrame(encoded, "video-av1-360p");
  expect([sdr.text("pix_fmt"), sdr.text("color_transfer")]).toEqual(["yuv420p", "bt709"]);
});

test("HDR of an SDR film is none, with a word; of an HDR film it is in HEVC where no codec is named", async () => {
  const folder = await temporaryFolder();
  const ask = async (input: string) => {
    const { plan, warnings } = await preflight({ input, hdr: true, programs: await programs() });
    return { ids: plan?.video.map(({ id }) => id), codes: warnings.map(({ code }) => code) };
  };
  const sdr = await ask(await simpleClip(join(folder, "sdr.mp4"), { seconds: 1 }));
  expect(sdr).toMatchObject({ ids: ["video-180p"], codes: expect.arrayContaining(["hdr_not_in_master"]) });
  const hlg = await makeClip(
    join(folder, "hlg.mov"),
    testInputs({ seconds: 1 }, []),
    "-vf setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc -c:v prores_ks -pix_fmt yuv422p10le",
  );
  expect(await ask(hlg)).toMatchObject({
    ids: ["video-180p", "video-hevc-hdr-180p"],
    codes: expect.arrayContaining(["tone_mapped"]),
  });
});

/** Puts a Dolby Vision configuration record behind the decoder's of an MP4 whose index is at its end. */
function withDolbyVision(mp4: Buffer, profile: number, baseLayer: number): Buffer {
  const box = Buffer.alloc(32);
  box.writeUInt32BE(32, 0);
  box.write("dvcC", 4, "latin1");
  // Version 1.0, the profile, level 6; an RPU and a base layer, no enhancement layer; what the base layer can be shown as.
  box.writeUInt8(1, 8);
  box.writeUInt16BE((profile << 9) | (6 << 3) | 0b101, 10);
  box.writeUInt8(baseLayer << 4, 12);
  const configuration = mp4.indexOf("hvcC", mp4.lastIndexOf("moov")) - 4;
  const at = configuration + mp4.readUInt32BE(configuration);
  for (const name of ["moov", "trak", "mdia", "minf", "stbl", "stsd", "hvc1"]) {
    const start = mp4.lastIndexOf(name, at) - 4;
    mp4.writeUInt32BE(mp4.readUInt32BE(start) + box.length, start);
  }
  return Buffer.concat([mp4.subarray(0, at), box, mp4.subarray(at)]);
}

test.each([
  [5, 0, "dolby_vision_not_supported", undefined],
  [8, 1, undefined, "dolby_vision_base_layer"],
  [7, 6, undefined, "dolby_vision_base_layer"],
])(
  "of Dolby Vision %i.%i the base layer is taken, where there is one",
  async (profile, baseLayer, problem, warning) => {
    const folder = await temporaryFolder();
    const clip = await makeClip(
      join(folder, "clip.mp4"),
      testInputs({ seconds: 1 }, []),
      "-vf setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,format=yuv420p10le",
      "-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none",
    );
    const input = join(folder, "film.mp4");
    await writeFile(input, withDolbyVision(await readFile(clip), profile, baseLayer));
    const { problems, warnings } = await preflight({ input, programs: await programs() });
    expect(problems.map(({ code }) => code)).toEqual(problem === undefined ? [] : [problem]);
    expect(warnings.map(({ code }) => code).includes("dolby_vision_base_layer")).toBe(warning !== undefined);
  },
);
