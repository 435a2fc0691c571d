import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeClip, temporaryFolder } from "../../testing/clips.ts";
import { pictureAt, planFilm, type Rgb } from "../../testing/film-frames.ts";

const bars: readonly Rgb[] = [
  [191, 191, 191],
  [191, 191, 0],
  [0, 191, 191],
  [0, 191, 0],
  [191, 0, 191],
  [191, 0, 0],
  [0, 0, 191],
  [40, 40, 40],
];
/** Dark enough to keep their looks in tone mapping. */
const darkBars = bars.map(([red, green, blue]): Rgb => [red * 0.6, green * 0.6, blue * 0.6]);

interface Bars {
  colors?: readonly Rgb[];
  size?: string;
  /** From RGB of BT.709 to what the master is. */
  filter: string;
  options?: string;
}

async function filmOfBars(
  path: string,
  { colors = bars, size = "640x360", filter, options }: Bars,
): Promise<string> {
  const [width = 0, height = 0] = size.split("x").map(Number);
  const sources = colors.map((color, index) => {
    const hex = color.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("");
    return `color=0x${hex}:s=${width / colors.length}x${height}:r=24:d=0.5,format=gbrp[c${index}]`;
  });
  const joined = `${colors.map((_, index) => `[c${index}]`).join("")}hstack=${colors.length}`;
  const screen = "setparams=color_primaries=bt709:color_trc=bt709:range=full";
  const graph = `${sources.join(";")};${joined},${screen},${filter}`;
  return makeClip(path, ["-filter_complex", graph], options ?? "-c:v ffv1 -level 3");
}

/** By how much the channel that is most off differs from the colours that the film was made of. */
async function worstError(path: string, colors: readonly Rgb[] = bars): Promise<number> {
  const picture = await pictureAt(await planFilm(path), 3);
  const errors = colors.flatMap((wanted, index) => {
    const found = picture.at(((index + 0.5) * picture.width) / colors.length, picture.height / 2);
    return found.map((value, channel) => Math.abs(value - (wanted[channel] ?? 0)));
  });
  return Math.max(...errors);
}

const untagged = "setparams=color_primaries=unknown:color_trc=unknown:colorspace=unknown";

describe("known colours come back", () => {
  const x264 = "-c:v libx264 -preset ultrafast -crf 3";
  // Of 8 bits, saturated colours of SD lie between two codes near black, where a step is ten of the screen's.
  test.each<[string, number, Bars]>([
    [
      "HD without tags",
      4,
      { size: "1280x720", filter: `zscale=m=bt709:r=limited,format=yuv420p,${untagged}`, options: x264 },
    ],
    [
      "NTSC without tags",
      12,
      {
        size: "720x480",
        filter: `zscale=p=smpte170m:m=smpte170m:t=smpte170m:r=limited,format=yuv420p,${untagged}`,
        options: x264,
      },
    ],
    [
      "PAL without tags",
      14,
      {
        size: "720x576",
        filter: `zscale=p=bt470bg:m=bt470bg:t=smpte170m:r=limited,format=yuv422p,${untagged}`,
      },
    ],
    [
      "SD of the web without tags",
      6,
      { filter: `zscale=m=smpte170m:r=limited,format=yuv420p,${untagged}`, options: x264 },
    ],
    ["full range", 4, { filter: "zscale=m=bt709:r=full,format=yuv420p", options: x264 }],
    ["MJPEG", 5, { filter: "zscale=m=smpte170m:r=full,format=yuvj444p", options: "-c:v mjpeg -q:v 1" }],
    ["BT.2020 in SDR", 4, { filter: "zscale=p=bt2020:m=bt2020nc:t=2020_10:r=limited,format=yuv420p10" }],
    ["P3", 4, { filter: "zscale=p=smpte432:m=bt709:r=limited,format=yuv444p10" }],
    ["RGB", 4, { filter: "format=gbrp" }],
  ])("from %s, within %i levels", async (_, levels, film) => {
    const path = await filmOfBars(join(await temporaryFolder(), "film.mkv"), film);
    expect(await worstError(path)).toBeLessThanOrEqual(levels);
  });

  const light = "format=gbrpf32,zscale=t=linear:npl=203";
  test.each([
    ["PQ", "zscale=p=bt2020:t=smpte2084:m=bt2020nc:r=limited:npl=203,format=yuv444p12"],
    ["HLG", "zscale=p=bt2020:t=arib-std-b67:m=bt2020nc:r=limited:npl=203,format=yuv444p12"],
    ["PQ in RGB", "zscale=p=bt2020:t=smpte2084:npl=203,format=gbrp12"],
    ["PQ in P3", "zscale=p=smpte432:t=smpte2084:m=bt2020nc:r=limited:npl=203,format=yuv444p12"],
  ])("from %s by tone mapping, where they are no lights", async (_, filter) => {
    const path = join(await temporaryFolder(), "film.mkv");
    await filmOfBars(path, { colors: darkBars, filter: `${light},${filter}` });
    expect((await planFilm(path)).codes).toEqual(["tone_mapped"]);
    expect(await worstError(path, darkBars)).toBeLessThanOrEqual(7);
  });
});

test("tone mapping keeps the order of greys, puts the white of paper near white, and what is brighter above it", async () => {
  // ITU-R BT.2100, table 4, in 10 bits: 5, 50, 203, 500 and 1000 cd/m².
  const codes = [281, 450, 573, 657, 723];
  const source = codes.map(
    (code, index) =>
      `color=black:s=32x64:r=24:d=0.5,format=yuv420p10,geq=lum=${code}:cb=512:cr=512[c${index}]`,
  );
  const joined = `${codes.map((_, index) => `[c${index}]`).join("")}hstack=${codes.length}`;
  const tags = "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=limited";
  const path = join(await temporaryFolder(), "film.mkv");
  await makeClip(path, ["-filter_complex", `${source.join(";")};${joined},${tags}`], "-c:v ffv1");
  const picture = await pictureAt(await planFilm(path), 3);
  const greys = codes.map((_, index) => picture.at(16 + index * 32, 32)[1]);
  expect(greys).toEqual(greys.toSorted((a, b) => a - b));
  const [dark = 0, , paper = 0, , lamp = 0] = greys;
  expect([dark > 40 && dark < 70, paper > 205 && paper < 230, lamp > 250]).toEqual([true, true, true]);
});
