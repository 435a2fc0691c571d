import fc from "fast-check";
import { expect, test } from "vitest";
import type { Package } from "../../resources.ts";
import { describeReport } from "./package-report.ts";

const found: Package = {
  id: "pkg_01k9v3c4x5e6f7g8h9j0kmnpqr",
  title_id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr",
  digest: "9f86d081",
  state: "ready",
  current: true,
  duration_seconds: 30,
  renditions: [],
  hls_path: "master.m3u8",
  dash_path: "manifest.mpd",
  size_bytes: 16_400_000,
  file_count: 62,
  stored_size_bytes: 16_400_000,
  stored_file_count: 62,
  created_at: "2026-11-22T09:30:00.000Z",
  updated_at: "2026-11-22T09:30:00.000Z",
  etag: '"3"',
};
const view = { paper: { width: 80, bold: (text: string) => text }, commands: true, files: true };

test("tells quality, loudness, what was left out, stages and warnings", () => {
  const report = {
    renditions: [
      {
        id: "video-720p",
        width: 1280,
        height: 720,
        codec: "avc1.64001f",
        bitrate_bps: 3_100_000,
        vmaf: { mean: 93.21, harmonic_mean: 92.6, p1: 81.04, frames: 120, model: "vmaf_v0.6.1" },
      },
      {
        id: "video-360p",
        width: 640,
        height: 360,
        codec: "avc1.64001e",
        bitrate_bps: 600_000,
        ssim: { mean: 0.9812 },
      },
    ],
    plan: {
      ladder: { from: "analysis", metric: "vmaf", samples: 6 },
      video: [{ id: "video-720p", crf: 23 }],
      burned_subtitle: { language: "en", stream_index: 2 },
    },
    files: [{ path: "video-720p/1.m4s", size_bytes: 1_500_000, sha256: "ab" }],
    dropped_renditions: [
      {
        id: "video-540p",
        kbps: 2000,
        score: { mean: 88 },
        by: { id: "video-480p", kbps: 1500, score: { mean: 88.4 } },
      },
    ],
    sound: [
      {
        id: "audio-en",
        loudness: {
          target_lkfs: -24,
          gain_db: -5.3,
          input: { integrated_lkfs: -18.7 },
          output: { integrated_lkfs: -24, true_peak_dbtp: -3 },
        },
      },
    ],
    protection: {
      scheme: "cbcs",
      key_systems: ["org.w3.clearkey", "com.widevine.alpha"],
      keys: [{ tier: "sd", key_id: "d3d82450" }],
    },
    timings: [
      { stage: "transcode", wall_seconds: 100, cpu_seconds: 190.5 },
      { stage: "verify", wall_seconds: 2.5, cpu_seconds: null },
    ],
    commands: [{ name: "packager", argv: ["packager", "in=a b", "it's"] }],
    warnings: [{ code: "no_audio", message: "The film has no sound." }],
  };
  const text = describeReport(found, report, view);
  expect(text).toMatch(/^ {2}video-720p +1280x720 +avc1\.64001f +23 +3\.1 Mb\/s +93\.2 +1\.5 MB$/m);
  expect(text).toMatch(/^ {2}video-360p .* SSIM 0\.981 /m);
  expect(text).toContain("video-540p (2.0 Mb/s, 88.0): video-480p (1.5 Mb/s, 88.4) is as good for less");
  expect(text).toMatch(/^ {2}audio-en +-18\.7 LKFS +-24\.0 LKFS +-24\.0 LKFS +-5\.3 dB +-3\.0 dBTP$/m);
  expect(text).toMatch(/^ {2}scheme +cbcs$/m);
  expect(text).toMatch(/^ {2}key systems +org\.w3\.clearkey, com\.widevine\.alpha$/m);
  expect(text).toMatch(/^ {2}key id of sd +d3d82450$/m);
  expect(text).toMatch(/^ {2}Ladder +the film's own, of 6 samples judged by VMAF$/m);
  expect(text).toMatch(/^ {2}video-720p +92\.6 +81\.0 +120 +vmaf_v0\.6\.1$/m);
  expect(text).toMatch(/^ {2}Burned in +en, track 2 of the master$/m);
  expect(text).toMatch(/^ {2}all +1m 43s +3m 11s$/m);
  expect(text).toContain(`packager 'in=a b' 'it'\\''s'`);
  expect(text).toContain("The film has no sound. [no_audio]");
});

test("says what it can of any report, older or newer", () => {
  const names = fc.constantFrom(
    "renditions",
    "sound",
    "timings",
    "files",
    "plan",
    "source",
    "chunks",
    "tools",
    "warnings",
    "commands",
    "protection",
    "dropped_renditions",
    "proposed_markers",
  );
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), (report) => {
      expect(describeReport(found, report, view)).toContain("plays now");
    }),
  );
});
