import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, simpleClip, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { planFilm } from "../../testing/film-frames.ts";
import { requireCapabilities } from "./required-capabilities.ts";

test("an ffmpeg is asked for what the film needs, and for nothing else", async () => {
  const folder = await temporaryFolder();
  const plain = await planFilm(await simpleClip(join(folder, "plain.mp4"), { seconds: 1 }));
  const pq = "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,format=yuv420p10le";
  const hdr = await planFilm(
    await makeClip(join(folder, "hdr.mkv"), testInputs({ seconds: 1 }, []), `-vf ${pq} -c:v ffv1`),
    { codecs: ["av1"], hdr: true },
  );
  const { ffmpeg } = await programs();
  const without = (...names: string[]) => ({
    ...ffmpeg,
    capabilities: new Set([...ffmpeg.capabilities].filter((name) => !names.includes(name))),
  });
  requireCapabilities(plain.plan, without("zscale", "tonemap", "libx265", "libsvtav1"));
  requireCapabilities(hdr.plan, ffmpeg);
  const ask = () => requireCapabilities(hdr.plan, without("zscale", "libsvtav1"));
  expect(ask).toThrow(
    expect.objectContaining({
      code: "capability_missing",
      message: expect.stringMatching(/lacks libsvtav1, zscale,/),
    }),
  );
});
