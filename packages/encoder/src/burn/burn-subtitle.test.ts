import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder } from "../../testing/clips.ts";
import { pictureAt, planFilm, type PlannedFilm, readPictures } from "../../testing/film-frames.ts";
import { makePgs, type PgsCue } from "../../testing/pgs.ts";
import type { VideoRendition } from "../plan/video-rendition.ts";
import { encode } from "../pipeline.ts";
import { readProgram } from "../programs/ffmpeg.ts";

const gray = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709";
const x264 = "-c:v libx264 -preset ultrafast -crf 10";

interface Made {
  name?: string;
  size?: string;
  seconds?: number;
  /** Of the pictures. */
  filter?: string;
  cues?: readonly PgsCue[];
  canvas?: { width: number; height: number };
  subtitle?: string;
  options?: string;
}

/** A gray film at 24 frames a second with a white box for a subtitle. */
async function subtitledFilm(folder: string, made: Made = {}): Promise<string> {
  const { name = "film.mkv", size = "320x180", seconds = 20, filter = "null", cues = usualCues } = made;
  const sup = await makePgs(join(folder, "track.sup"), cues, made.canvas);
  const picture = `color=c=0x404040:s=${size}:r=24:d=${seconds},${gray},${filter}`;
  // Tracks of the other kinds are made of this one, which says of each picture only when the next comes.
  const inputs = ["-f", "lavfi", "-i", picture, "-copyts", "-fix_sub_duration", "-i", sup];
  const codec = `-c:s ${made.subtitle ?? "copy"} -metadata:s:s:0 language=eng`;
  return makeClip(
    join(folder, name),
    inputs,
    `-map 0 -map 1 ${x264} ${codec}`,
    (made.options ?? "").split(" ").filter(Boolean),
  );
}

const usualCues = [
  { startSeconds: 0.5, endSeconds: 1 },
  { startSeconds: 1.5, endSeconds: 18 },
  { startSeconds: 18.25, endSeconds: 19 },
];

/** From which frames until which the box is bright. */
async function shownIn(film: PlannedFilm, rendition: VideoRendition, firstFrame = 0): Promise<number[][]> {
  const bytes = await readPictures(film, {
    rendition,
    firstFrame,
    filter: "crop=iw/8:ih/8:iw*7/16:ih*11/15,scale=1:1,format=gray",
    options: ["-c:v", "rawvideo", "-f", "rawvideo"],
  });
  return spansOf([...bytes].map((luma) => luma > 150)).map((span) => span.map((frame) => frame + firstFrame));
}

function spansOf(shown: readonly boolean[]): number[][] {
  const changes = shown.flatMap((is, frame) => (is === (shown[frame - 1] ?? false) ? [] : [frame]));
  const ends = shown.at(-1) ? [...changes, shown.length] : changes;
  return Array.from({ length: ends.length / 2 }, (_, index) => ends.slice(index * 2, index * 2 + 2));
}

const ladder = [
  { width: 320, height: 180, maxrateKbps: 3000 },
  { width: 160, height: 90, maxrateKbps: 1000 },
];

test.each([
  ["PGS, as Blu-rays have it", "film.mkv", "copy"],
  ["VobSub, as DVDs have it", "film.mkv", "dvdsub"],
  ["DVB, in a transport stream that begins late", "film.ts", "dvbsub"],
])("%s is shown on exactly its frames, in every rung, wherever a chunk begins", async (_, name, subtitle) => {
  const folder = await temporaryFolder();
  const options = name.endsWith("ts") ? "-output_ts_offset 3600" : "";
  const film = await planFilm(await subtitledFilm(folder, { name, subtitle, options }), {
    burnSubtitle: 1,
    ladder,
  });
  expect(film.plan.video).toHaveLength(2);
  for (const rendition of film.plan.video) {
    expect(await shownIn(film, rendition)).toEqual([
      [12, 24],
      [36, 432],
      [438, 456],
    ]);
    // What is shown there began 15 s before.
    expect(await shownIn(film, rendition, 396)).toEqual([
      [396, 432],
      [438, 456],
    ]);
  }
});

test("a film whose sound begins first keeps its subtitle beside its pictures", async () => {
  const folder = await temporaryFolder();
  const sup = await makePgs(join(folder, "track.sup"), [{ startSeconds: 2.5, endSeconds: 3 }]);
  const sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4"];
  const picture = [
    "-itsoffset",
    "1",
    "-f",
    "lavfi",
    "-i",
    `testsrc2=s=320x180:r=24:d=3,${gray},lutyuv=y=60:u=128:v=128`,
  ];
  const input = await makeClip(
    join(folder, "film.mkv"),
    sound,
    picture,
    ["-copyts", "-i", sup],
    `-map 1 -map 0 -map 2 ${x264} -c:a pcm_s16le -c:s copy`,
  );
  const film = await planFilm(input, { burnSubtitle: 2, ladder });
  const [best] = film.plan.video;
  expect(film.source.pictureDelaySeconds).toBeGreaterThan(0.9);
  expect(best && (await shownIn(film, best))).toEqual([[60, 72]]);
});

test("what stood in a black bar that the film lost stands in its picture, above and below", async () => {
  const folder = await temporaryFolder();
  const cues = [
    { startSeconds: 0, endSeconds: 1, box: { x: 110, y: 150, width: 100, height: 20 } },
    { startSeconds: 1, endSeconds: 2, box: { x: 110, y: 10, width: 100, height: 20 } },
  ];
  const film = await planFilm(await subtitledFilm(folder, { size: "320x120", seconds: 2, cues }), {
    burnSubtitle: "en",
  });
  const [below, above] = [await pictureAt(film, 12), await pictureAt(film, 36)];
  expect([below.at(160, 92)[0], below.at(160, 108)[0]].every((red) => red > 220)).toBe(true);
  expect([below.at(160, 87)[0], below.at(160, 113)[0], below.at(100, 100)[0]].every((red) => red < 100)).toBe(
    true,
  );
  expect([above.at(160, 12)[0], above.at(160, 28)[0]].every((red) => red > 220)).toBe(true);
  expect([above.at(160, 7)[0], above.at(160, 33)[0], above.at(160, 100)[0]].every((red) => red < 100)).toBe(
    true,
  );
});

test.each([
  ["with pixels that are not square", { size: "160x180", filter: "setsar=2" }],
  ["of another size than its subtitle's canvas", { size: "640x360" }],
  ["that is turned", { size: "180x320", options: "-display_rotation:v 90" }],
])("the subtitle of a film %s lies as it is seen", async (_, { options, ...made }: Made) => {
  const folder = await temporaryFolder();
  const cues = [{ startSeconds: 0, endSeconds: 1, box: { x: 20, y: 130, width: 100, height: 30 } }];
  const upright = await subtitledFilm(folder, { seconds: 1, cues, ...made });
  const turned = ["-i", upright, ..."-map 0 -c copy".split(" ")];
  const input = options ? await makeClip(join(folder, "turned.mkv"), options, turned) : upright;
  const picture = await pictureAt(await planFilm(input, { burnSubtitle: 1 }), 12);
  const at = (x: number, y: number) => picture.at((x * picture.width) / 320, (y * picture.height) / 180)[0];
  expect(picture.width / picture.height).toBeCloseTo(320 / 180, 1);
  expect([at(23, 133), at(117, 133), at(23, 157), at(117, 157)].every((red) => red > 220)).toBe(true);
  expect([at(16, 145), at(124, 145), at(70, 126), at(70, 164)].every((red) => red < 100)).toBe(true);
});

test(
  "a package of several codecs has it in each, in the same bytes each time, and says so",
  { timeout: 60_000 },
  async () => {
    const folder = await temporaryFolder();
    const input = await subtitledFilm(folder, {
      seconds: 26,
      size: "160x90",
      cues: [{ startSeconds: 1, endSeconds: 20 }],
    });
    const encodeWith = async (workers: number) =>
      encode({
        input,
        workDir: join(folder, `work-${workers}`),
        workers,
        preset: "ultrafast",
        codecs: ["hevc"],
        programs: await programs(),
        ladder: [{ width: 160, height: 90, maxrateKbps: 1000 }],
        burnSubtitle: "en",
      });
    const [first, second] = [await encodeWith(2), await encodeWith(1)];
    expect(first.report.mediaDigest).toBe(second.report.mediaDigest);
    expect(first.report.chunks.length).toBeGreaterThan(2);
    expect(first.report.plan.burnedSubtitle).toMatchObject({ streamIndex: 1, language: "en" });
    expect(first.report.warnings.map(({ code }) => code)).toEqual(["no_audio"]);
    for (const { id, vmaf } of first.report.renditions) {
      expect(await brightFrames(join(first.folder, id), folder)).toEqual([[24, 480]]);
      // The film that it is compared with has the subtitle too.
      expect(vmaf?.mean).toBeGreaterThan(90);
    }
    expect(JSON.stringify(first.report.commands)).not.toContain(folder);
  },
);

async function brightFrames(renditionFolder: string, folder: string): Promise<number[][]> {
  const count = (await readdir(renditionFolder)).filter((name) => name.endsWith(".m4s")).length;
  const names = ["init.mp4", ...Array.from({ length: count }, (_, index) => `${index + 1}.m4s`)];
  const joined = join(folder, "joined.mp4");
  await writeFile(
    joined,
    Buffer.concat(await Promise.all(names.map((name) => readFile(join(renditionFolder, name))))),
  );
  const filter =
    "crop=8:8:76:66,scale=1:1,format=gray,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-";
  const args = ["-v", "error", "-i", joined, "-vf", filter, "-f", "null", "/dev/null"];
  const { stdout } = await readProgram((await programs()).ffmpeg.path, args);
  return spansOf([...stdout.matchAll(/YAVG=([\d.]+)/g)].map(([, luma]) => Number(luma) > 150));
}

test("a subtitle that nothing ends is shown until the film's end, and a track with nothing in it is told", async () => {
  const folder = await temporaryFolder();
  const endless = await subtitledFilm(folder, { seconds: 20, cues: [{ startSeconds: 2, endSeconds: 25 }] });
  const cut = await makeClip(join(folder, "cut.mkv"), `-i ${endless} -map 0 -c copy -t 20`);
  const film = await planFilm(cut, { burnSubtitle: 1, ladder });
  const [best] = film.plan.video;
  expect(best && (await shownIn(film, best))).toEqual([[48, 480]]);
  expect(best && (await shownIn(film, best, 456))).toEqual([[456, 480]]);
  const silent = await makeClip(join(folder, "silent.mkv"), `-i ${endless} -map 0 -c copy -t 1`);
  const without = await planFilm(silent, { burnSubtitle: 1, ladder });
  await expect(pictureAt(without, 0)).rejects.toMatchObject({ code: "subtitle_empty" });
});
