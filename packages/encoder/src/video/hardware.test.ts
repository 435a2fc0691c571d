import {
  type HardwareFamily,
  type VideoRendition,
  hardwareFamilies,
  softwareEncoders,
} from "../plan/video-rendition.ts";
import { describe, expect, test } from "vitest";
import { programs } from "../../testing/clips.ts";
import { videoCodecs } from "../plan/video-codecs.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { encoderNamed } from "./encoders.ts";
import { chooseEncoders } from "./hardware.ts";

const sets = videoCodecs.map((codec) => ({ codec, dynamicRange: "sdr" as const }));

/** The families that encode on the machine that runs this, as a try tells. */
async function present(): Promise<HardwareFamily[]> {
  const { ffmpeg } = await programs();
  const tries = hardwareFamilies.map((family) =>
    chooseEncoders(ffmpeg, sets.slice(0, 1), family).then(
      () => [family],
      () => [],
    ),
  );
  return (await Promise.all(tries)).flat();
}

describe("hardware is used where it is asked for and encodes", () => {
  test("it is never used unasked", async () => {
    const { encoders, warnings } = await chooseEncoders((await programs()).ffmpeg, sets);
    expect([encoders, warnings]).toEqual([softwareEncoders, []]);
  });

  test("a family that is absent is refused with its reason and what to do; auto takes software, with a word for each codec", async () => {
    const { ffmpeg } = await programs();
    const working = await present();
    for (const family of hardwareFamilies.filter((name) => !working.includes(name))) {
      const chosen = chooseEncoders(ffmpeg, sets.slice(0, 1), family);
      await expect(chosen).rejects.toMatchObject({
        code: "hardware_not_available",
        message: expect.stringMatching(
          new RegExp(`h264 with ${family}: a try failed \\(h264_${family}: .+\\)`),
        ),
        hint: expect.stringContaining("--hw"),
      });
    }
    const auto = await chooseEncoders(ffmpeg, sets, "auto");
    for (const codec of videoCodecs) {
      const inSoftware = auto.encoders[codec] === softwareEncoders[codec];
      expect(auto.warnings.some(({ message }) => message.includes(` encodes ${codec};`))).toBe(inSoftware);
    }
  });

  test("an encoder that ffmpeg is built without is none, and a try that is cancelled says nothing", async () => {
    const { ffmpeg } = await programs();
    const without = { ...ffmpeg, capabilities: new Set(["libx264"]) };
    await expect(chooseEncoders(without, sets, "nvenc")).rejects.toMatchObject({
      message: expect.stringContaining("built without it"),
    });
    await expect(chooseEncoders(ffmpeg, sets, "auto", AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

const rendition: Omit<VideoRendition, "codec" | "encoder" | "dynamicRange"> = {
  id: "x",
  width: 1280,
  height: 720,
  crf: 21,
  preset: "faster",
  maxrateKbps: 4500,
};
const film = { gopFrames: 48, hdr: { display: null, contentLight: null } };

describe("the arguments of an encoder", () => {
  test.each([
    [
      "h264_nvenc",
      "sdr",
      "-preset p3 -tune hq -profile:v high -pix_fmt yuv420p -g 48 -bf 3 -no-scenecut 1 -forced-idr 1",
    ],
    ["hevc_nvenc", "pq", "-profile:v main10 -tag:v hvc1 -pix_fmt p010le"],
    [
      "h264_vaapi",
      "sdr",
      "-profile:v high -g 48 -idr_interval 0 -bf 2 -rc_mode VBR -b:v 2700k -maxrate 4500k",
    ],
    ["hevc_qsv", "sdr", "-preset faster -profile:v main -tag:v hvc1 -pix_fmt nv12 -g 48 -flags:v +cgop"],
    ["av1_qsv", "hlg", "-c:v av1_qsv -preset faster -pix_fmt p010le"],
    [
      "h264_videotoolbox",
      "sdr",
      "-profile:v high -allow_sw 0 -realtime 0 -pix_fmt nv12 -g 48 -flags:v +cgop",
    ],
    ["libx265", "sdr", "-preset slow -tag:v hvc1 -threads 1 -profile:v main -pix_fmt yuv420p -crf 21"],
    ["libsvtav1", "pq", "-preset 9 -pix_fmt yuv420p10le -g 48 -crf 21 -maxrate 4500k -bufsize 9000k"],
  ] as const)("%s in %s", (encoder, dynamicRange, expected) => {
    const codec = encoder.startsWith("h264") ? "h264" : /hevc|265/.test(encoder) ? "hevc" : "av1";
    const options = encoderNamed(encoder).options({ ...rendition, codec, encoder, dynamicRange }, film);
    expect(options.join(" ")).toContain(expected);
  });

  // ffmpeg reads an encoder's options before it looks for the hardware, and names the first that it does not know.
  test.each(["nvenc", "qsv"] as const)("of %s are known to ffmpeg", async (family) => {
    const { ffmpeg } = await programs();
    for (const codec of videoCodecs) {
      const encoder = `${codec}_${family}` as const;
      const options = encoderNamed(encoder).options(
        { ...rendition, codec, encoder, dynamicRange: "sdr" },
        film,
      );
      const input = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=24:duration=1"];
      const { stderr } = await readProgram(ffmpeg.path, [...input, ...options, "-f", "null", "-"]);
      expect(stderr).not.toMatch(/Unrecognized option|Option not found|Undefined constant|Unable to parse/i);
    }
  });

  test("of vaapi are options that ffmpeg lists, and its pictures are sent to the card", async () => {
    const { ffmpeg } = await programs();
    for (const codec of videoCodecs) {
      const encoder = `${codec}_vaapi` as const;
      const one = { ...rendition, codec, encoder, dynamicRange: "pq" } as const;
      const { stdout } = await readProgram(ffmpeg.path, ["-hide_banner", "-h", `encoder=${encoder}`]);
      const own = ["-idr_interval", "-rc_mode", "-profile"];
      const names = encoderNamed(encoder)
        .options(one, film)
        .map((word) => word.split(":")[0] ?? "");
      for (const name of own.filter((option) => names.includes(option)))
        expect(stdout).toContain(`  ${name} `);
      expect(encoderNamed(encoder).upload?.(one)).toEqual(["format=p010", "hwupload"]);
    }
  });
});
