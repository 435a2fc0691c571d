import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeClip, programs, temporaryFolder } from "../../testing/clips.ts";
import { keysFlag } from "../package/encryption.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { runPackager } from "../programs/packager.ts";
import { encryptionSchemes } from "./content-key.ts";
import { decryptSample } from "./decrypt-sample.ts";
import { encryptedBytes, readSamples, type StoredSample } from "./encrypted-samples.ts";
import { readPsshSystems, readSampleEntries } from "./track-encryption.ts";

const key = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const keyId = "3a7c9e52-41d8-4f06-9b2e-6d5f10c8a7e4";

/** Two seconds of noise, which leaves encoders little to leave out. */
const codecs = {
  h264: "-c:v libx264 -preset ultrafast",
  hevc: "-c:v libx265 -preset ultrafast -x265-params log-level=error -tag:v hvc1",
  av1: "-c:v libsvtav1 -preset 12 -svtav1-params lp=1",
  aac: "-c:a aac",
};

let folder: string;
beforeAll(async () => {
  let remove = async (): Promise<void> => {};
  folder = await temporaryFolder((removeFolder) => (remove = removeFolder));
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24:duration=2,noise=alls=20:allf=t"];
  const tone = ["-f", "lavfi", "-i", "anoisesrc=duration=2:amplitude=0.1"];
  for (const [name, options] of Object.entries(codecs)) {
    const input = name === "aac" ? tone : [...picture, "-pix_fmt", "yuv420p", "-g", "24"];
    await makeClip(join(folder, `${name}.mp4`), input, options);
  }
  return () => remove();
});

interface Track {
  init: Buffer;
  samples: StoredSample[];
  /** The init segment with all media segments behind it. */
  whole: Buffer;
}

async function encrypt(name: string, scheme: string, ...more: string[]): Promise<Track> {
  const out = join(folder, `${name}-${scheme}-${more.length}`);
  await mkdir(out);
  const stream = name === "aac" ? "audio" : "video";
  const descriptor = `in=../${name}.mp4,stream=${stream},init_segment=init.mp4,segment_template=$Number$.m4s,drm_label=sd`;
  const flags = ["--enable_raw_key_encryption", `--protection_scheme=${scheme}`, "--clear_lead=0", "--quiet"];
  const secretFlags = [keysFlag([{ keyId, tier: "sd", key }])];
  const args = [descriptor, "--segment_duration=1", "--fragment_duration=1", ...flags, ...more];
  await runPackager((await programs()).packager.path, args, { folder: out, secretFlags });
  const [init, ...segments] = await Promise.all(
    ["init.mp4", "1.m4s", "2.m4s"].map((file) => readFile(join(out, file))),
  );
  if (!init) throw new Error("There is no init segment");
  const entries = readSampleEntries(init);
  const samples = segments.flatMap((segment) => readSamples(segment, entries));
  return { init, samples, whole: Buffer.concat([init, ...segments]) };
}

/** The hashes of all samples of a clear file, by ffmpeg. */
async function clearHashes(name: string): Promise<string[]> {
  const args = [
    "-v",
    "error",
    "-ignore_editlist",
    "1",
    "-i",
    `${name}.mp4`,
    "-c",
    "copy",
    "-f",
    "framehash",
    "-hash",
    "sha256",
    "-",
  ];
  const { stdout } = await readProgram((await programs()).ffmpeg.path, args, { folder });
  return stdout.split("\n").flatMap((line) => (/^\d/.test(line) ? (line.split(",")[5]?.trim() ?? []) : []));
}

const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const clear = ({ data, encryption }: StoredSample, withKey = key) =>
  encryption ? decryptSample(data, encryption, withKey) : data;

describe.each(encryptionSchemes)("%s, as shaka-packager encrypts it", (scheme) => {
  it.each(Object.keys(codecs))("is read from the boxes and undone byte for byte: %s", async (name) => {
    const { init, samples } = await encrypt(name, scheme);
    expect(readSampleEntries(init)[0]).toMatchObject({ scheme, keyId });
    expect(readPsshSystems(init)).toEqual(["1077efec-c0b2-4d02-ace3-3c1e52e2fb4b"]);
    const expected = await clearHashes(name);
    expect(expected.length).toBeGreaterThan(40);
    expect(samples.map((sample) => hash(clear(sample)))).toEqual(expected);
    // AV1 has samples of a few bytes that only say which frame to show again; there is nothing in them to encrypt.
    const secret = samples.filter(({ encryption }) => encryptedBytes(encryption) > 0);
    expect(secret.length).toBeGreaterThan(20);
    expect(secret.filter(({ data }) => expected.includes(hash(data)))).toEqual([]);
    const wrongKey = Buffer.alloc(16, 1);
    expect(secret.filter((sample) => expected.includes(hash(clear(sample, wrongKey))))).toEqual([]);
  });
});

describe("an encrypted track", () => {
  it("has another IV for each sample in cenc, and one for all in cbcs with its pattern", async () => {
    const ctr = await encrypt("h264", "cenc", "--single_threaded");
    const ivs = ctr.samples.map(({ encryption }) => encryption?.iv.toString("hex"));
    expect(new Set(ivs).size).toBe(ivs.length);
    const cbc = await encrypt("h264", "cbcs", "--single_threaded");
    expect(cbc.samples[0]?.encryption).toMatchObject({ cryptBlocks: 1, skipBlocks: 9, ivBytes: 0 });
    expect(new Set(cbc.samples.map(({ encryption }) => encryption?.iv.toString("hex"))).size).toBe(1);
  });

  it("whose boxes are cut or spoiled is refused, not misread", async () => {
    const { init, whole } = await encrypt("h264", "cenc", "--single_threaded", "--quiet");
    const segment = whole.subarray(init.length);
    const entries = readSampleEntries(init);
    expect(() => readSampleEntries(segment)).toThrow(RangeError);
    expect(() => readSampleEntries(init.subarray(0, init.length - 40))).toThrow(RangeError);
    const senc = segment.indexOf("senc");
    const withOneSampleLess = Buffer.from(segment);
    withOneSampleLess.writeUInt32BE(withOneSampleLess.readUInt32BE(senc + 8) - 1, senc + 8);
    expect(() => readSamples(withOneSampleLess, entries)).toThrow(RangeError);
    const withoutSenc = Buffer.from(segment);
    withoutSenc.write("free", senc, "latin1");
    expect(() => readSamples(withoutSenc, entries)).toThrow(RangeError);
    expect(() => readSamples(segment.subarray(0, segment.length - 10), entries)).toThrow(RangeError);
  });
});
