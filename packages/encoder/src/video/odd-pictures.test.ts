import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeClip, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { frameHashes, type Picture, pictureAt, planFilm, type Rgb } from "../../testing/film-frames.ts";

/** What each quarter of the picture is: red, green, blue or white. */
function quarters({ width, height, at }: Picture): string {
  const places = [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => at(width * x, height * y)));
  return places.map(nameOf).join("");
}

function nameOf([red, green, blue]: Rgb): string {
  const bright = [red, green, blue].map((value) => value > 180);
  return { "1,1,1": "W", "1,0,0": "R", "0,1,0": "G", "0,0,1": "B" }[bright.map(Number).join()] ?? "?";
}

interface Shape {
  size: string;
  /** Of a pixel. */
  aspect?: string;
  options?: string;
}

/** A film of red, green, blue and white quarters. */
async function quarteredFilm(path: string, { size, aspect = "1", options = "" }: Shape): Promise<string> {
  const [width = 0, height = 0] = size.split("x").map((side) => Number(side) / 2);
  const colors = ["red", "lime", "blue", "white"].map(
    (color, index) => `color=${color}:s=${width}x${height}:r=24:d=1,format=gbrp[c${index}]`,
  );
  const hd = "zscale=m=bt709:r=limited,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709";
  const join = `[c0][c1][c2][c3]xstack=grid=2x2,setsar=${aspect},setparams=range=full,${hd}`;
  const x264 = `-pix_fmt yuv420p -c:v libx264 -preset ultrafast -qp 1 ${options}`.trim();
  return makeClip(path, ["-filter_complex", `${colors.join(";")};${join}`], x264);
}

describe("a picture stands as the display matrix says (ISO/IEC 14496-12, 6.2.2)", () => {
  /** Where the matrix puts each quarter, read in the order of a page. */
  function expectedQuarters(a: number, b: number, c: number, d: number): string {
    const placed = [...[..."RGBW"].entries()].map(([index, name]) => {
      const [x, y] = [index % 2, Math.floor(index / 2)];
      return { name, x: a * x + c * y, y: b * x + d * y };
    });
    return placed
      .toSorted((one, other) => one.y - other.y || one.x - other.x)
      .map(({ name }) => name)
      .join("");
  }

  test.each([
    [1, 0, 0, 1],
    [0, 1, -1, 0],
    [-1, 0, 0, -1],
    [0, -1, 1, 0],
    [-1, 0, 0, 1],
    [1, 0, 0, -1],
    [0, 1, 1, 0],
    [0, -1, -1, 0],
  ])("%i %i %i %i", async (a, b, c, d) => {
    const path = await quarteredFilm(join(await temporaryFolder(), "film.mp4"), { size: "96x64" });
    const mp4 = await readFile(path);
    const matrix = mp4.indexOf("tkhd") + 44;
    for (const [index, value] of [a, b, 0, c, d].entries())
      mp4.writeInt32BE(value * 0x10000, matrix + index * 4);
    await writeFile(path, mp4);
    const film = await planFilm(path);
    const picture = await pictureAt(film, 3);
    expect([picture.width, picture.height]).toEqual(a === 0 ? [64, 96] : [96, 64]);
    expect(quarters(picture)).toBe(expectedQuarters(a, b, c, d));
    expect(film.codes).toEqual(a === 1 && d === 1 ? [] : ["turned"]);
  });
});

describe("pixels come out square", () => {
  test.each([
    ["a DVD of 4:3 in PAL", "720x576", "16/15", "768x576"],
    ["a DVD of 16:9 in PAL", "720x576", "64/45", "1024x576"],
    ["a DVD of 4:3 in NTSC", "720x480", "8/9", "640x480"],
    ["twice as wide as high", "96x96", "2", "192x96"],
  ])("%s", async (_, size, aspect, shown) => {
    const path = await quarteredFilm(join(await temporaryFolder(), "film.mkv"), { size, aspect });
    const film = await planFilm(path);
    const picture = await pictureAt(film, 3);
    expect(`${picture.width}x${picture.height}`).toBe(shown);
    expect(quarters(picture)).toBe("RGBW");
    expect(film.codes).toEqual(["pixels_not_square"]);
  });
});

describe("the smallest pictures", () => {
  const film = async (size: string): Promise<string> => {
    const path = join(await temporaryFolder(), "film.mkv");
    const crop = `format=yuv444p,crop=${size.replace("x", ":")}:0:0`;
    return makeClip(path, testInputs({ size: "64x64", seconds: 1 }, []), `-vf ${crop} -c:v ffv1`);
  };

  test.each(["1x1", "2x2", "15x15", "15x64"])("of %s are refused", async (size) => {
    await expect(planFilm(await film(size))).rejects.toMatchObject({ code: "too_small" });
  });

  test.each([
    ["16x16", "16x16"],
    ["16x17", "16x16"],
    ["17x16", "16x16"],
    ["17x17", "16x16"],
    ["33x21", "32x20"],
  ])("of %s become %s", async (size, shown) => {
    const planned = await planFilm(await film(size), { codecs: ["hevc", "av1"] });
    const picture = await pictureAt(planned, 3);
    expect(`${picture.width}x${picture.height}`).toBe(shown);
    expect(planned.codes.filter((code) => code === "picture_too_small_for_codec")).toHaveLength(2);
    expect(planned.codes.includes("odd_size_cropped")).toBe(size !== shown);
  });

  test("of H.264 that is cropped keep what is inside the crop", async () => {
    const options = "-bsf:v h264_metadata=crop_right=32:crop_bottom=16";
    const path = await quarteredFilm(join(await temporaryFolder(), "film.mp4"), { size: "128x96", options });
    const { width, height, at } = await pictureAt(await planFilm(path), 3);
    expect([width, height]).toEqual([96, 80]);
    expect([at(62, 10), at(66, 10), at(95, 79)].map(nameOf)).toEqual(["R", "G", "W"]);
  });
});

describe("every pixel format becomes one that plays, the same in chunks", () => {
  test.each([
    ["4:2:2 of 10 bits in ProRes", "film.mov", "-c:v prores_ks -profile:v 3 -pix_fmt yuv422p10le"],
    ["4:4:4 of 12 bits", "film.mkv", "-c:v ffv1 -pix_fmt yuv444p12le"],
    ["RGB of 16 bits", "film.mkv", "-c:v png -pix_fmt rgb48be"],
    [
      "a palette",
      "film.mkv",
      "-filter_complex split[a][b];[a]palettegen[p];[b][p]paletteuse -c:v png -pix_fmt pal8",
    ],
    ["grey of 16 bits", "film.mkv", "-c:v ffv1 -pix_fmt gray16le"],
    ["4:2:0 of full range in MJPEG", "film.avi", "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p"],
  ])("%s", async (_, name, options) => {
    const path = join(await temporaryFolder(), name);
    const film = await planFilm(
      await makeClip(path, testInputs({ size: "128x72", seconds: 6 }, []), options),
    );
    const whole = await frameHashes(film);
    expect(whole).toHaveLength(144);
    expect(new Set(whole).size).toBeGreaterThan(120);
    expect(await frameHashes(film, { firstFrame: 96 })).toEqual(whole.slice(96));
  });
});

test.each([
  ["ProRes 4444", "film.mov", "-pix_fmt yuva444p10le -c:v prores_ks -profile:v 4"],
  ["QuickTime Animation", "film.mov", "-pix_fmt argb -c:v qtrle"],
])("what can be seen through is black behind (%s)", async (_, name, options) => {
  const path = join(await temporaryFolder(), name);
  // Opaque on the left, half of it in the middle, nothing on the right.
  const alpha = "geq=r=200:g=100:b=50:a='if(lt(X,40),255,if(lt(X,80),128,0))'";
  const source = `color=white:s=120x72:r=24:d=1,format=rgba,${alpha}`;
  const film = await planFilm(await makeClip(path, ["-f", "lavfi", "-i", source], options));
  expect(film.codes).toEqual(["alpha_flattened"]);
  const picture = await pictureAt(film, 3);
  const found = [20, 60, 100].map((x) => picture.at(x, 36));
  const wanted = [1, 128 / 255, 0].map((share) => [200, 100, 50].map((value) => value * share));
  for (const [index, rgb] of found.entries())
    for (const [channel, value] of rgb.entries())
      expect(Math.abs(value - (wanted[index]?.[channel] ?? 0))).toBeLessThan(5);
});
