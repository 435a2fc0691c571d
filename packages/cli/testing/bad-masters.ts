import { execFileSync } from "node:child_process";
import { readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { execa } from "execa";

export interface BadMaster {
  name: string;
  code: string;
  /** Puts it at a path; absent where there is nothing to put. */
  make?: (path: string, ffmpeg: string) => Promise<unknown>;
}

/** What people, networks and attackers give for a master, and the code that each must get. */
export const badMasters: readonly BadMaster[] = [
  { name: "missing.mp4", code: "file_not_found" },
  { name: "-missing", code: "file_not_found" },
  { name: `${"long".repeat(70)}.mp4`, code: "file_not_readable" },
  { name: "loop.mp4", code: "file_not_readable", make: (path) => symlink(path, path) },
  { name: "pipe.mp4", code: "not_a_file", make: async (path) => execFileSync("mkfifo", [path]) },
  { name: "device.mp4", code: "not_a_file", make: (path) => symlink("/dev/zero", path) },
  ...written("empty_file", { "empty.mp4": "" }),

  // Names that ffmpeg, or we, could take for an address or an option.
  ...["http:film.mp4", "concat:film.mp4|film.mp4", "subfile,,start,0,end,64,,:film.mp4", "pipe:0"].map(
    (name) => ({ name, code: "file_not_found" }),
  ),
  { name: "data:video/mp4;base64,AAAA", code: "file_not_found" },
  { name: "file:///etc/passwd", code: "url_not_valid" },
  { name: "rtmp://127.0.0.1/film", code: "url_not_valid" },
  { name: "http://127.0.0.1:9/film.mp4", code: "url_not_allowed" },
  ...written("not_media", {
    "text.mp4": "Once upon a time\n",
    "-y.mp4": "Not a film\n",
    "line\nfeed \u001b[31m\u202e.mp4": "Not a film\n",
    "links.mp4": "http://127.0.0.1:9/film.mp4\n",
    "noise.mp4": Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919 + 13) % 251)),
  }),

  // Text that names what else to open, and what is no film.
  ...written("format_not_allowed", {
    "hls.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n/etc/passwd\n#EXT-X-ENDLIST\n",
    "concat.mkv": "ffconcat version 1.0\nfile /etc/passwd\n",
    "dash.mp4": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>\n',
    "session.mp4": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
    "list.mp4": "[playlist]\nFile1=/etc/passwd\n",
  }),
  made("picture.png", "format_not_allowed", picture(), "-frames:v 1"),
  made("sound.mp4", "no_video", "-f lavfi -i sine=duration=1 -c:a aac"),
  made("no pictures.mp4", "no_video", picture(), "-c:v libx264 -frames:v 0"),

  // Cut and damaged.
  cut("cut.mp4", film()),
  cut("cut, its index in front.mp4", film(), "-movflags +faststart"),
  cut("cut.mkv", film()),
  edited("corrupt.mp4", "corrupt", film(), (bytes) => {
    for (let at = Math.round(bytes.length * 0.4); at < bytes.length * 0.6; at += 3)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x5a, at);
  }),
  edited("codec.mp4", "codec_not_supported", film(), (bytes) => {
    bytes.write("zzzz", bytes.indexOf("avc1", bytes.indexOf("stsd")), "latin1");
  }),

  // More than anything needs.
  made("hours.mkv", "too_long", film(), String.raw`-bsf:v setts=ts=TS+3600000000/TB*eq(N\,23)`),
  edited("16384 x 16384.mov", "too_many_pixels", `${picture()} -c:v mjpeg`, (bytes) => {
    // The size stands in the sample entry (ISO/IEC 14496-12, 12.1.3) and in every JPEG's frame header (ITU-T T.81, B.2.2).
    bytes.writeUInt32BE(0x4000_4000, bytes.indexOf("jpeg", bytes.indexOf("stsd")) + 28);
    for (let at = bytes.indexOf(startOfFrame); at >= 0; at = bytes.indexOf(startOfFrame, at + 1))
      bytes.writeUInt32BE(0x4000_4000, at + startOfFrame.length);
  }),
  made("8208 x 8208.mov", "too_many_pixels", picture("8208x8208", 1), "-frames:v 1 -c:v mjpeg"),
  made("8 x 8.mp4", "too_small", picture("8x8"), "-c:v libx264"),
  made("streams.mkv", "too_many_streams", picture("16x16", 1), `${"-map 0 ".repeat(1000)}-c:v rawvideo`),
  made(
    "channels.mov",
    "too_many_channels",
    `${picture()} -f lavfi -i aevalsrc=${"0|".repeat(15)}0:d=1`,
    "-c:v libx264 -c:a pcm_s16le",
  ),
];

const startOfFrame = Buffer.from([0xff, 0xc0, 0x00, 0x11, 0x08]);

function picture(size = "320x180", rate = 24): string {
  return `-f lavfi -i testsrc2=size=${size}:rate=${rate}:duration=1,format=yuvj420p`;
}

function film(): string {
  const inputs = "-f lavfi -i testsrc2=size=320x180:rate=24:duration=6 -f lavfi -i sine=duration=6";
  return `${inputs} -c:v libx264 -preset ultrafast -c:a aac`;
}

function written(code: string, files: Readonly<Record<string, string | Buffer>>): BadMaster[] {
  return Object.entries(files).map(([name, content]) => ({
    name,
    code,
    make: (path) => writeFile(path, content),
  }));
}

function made(name: string, code: string, ...words: string[]): BadMaster {
  return { name, code, make: (path, ffmpeg) => run(ffmpeg, words.join(" "), path) };
}

function cut(name: string, ...words: string[]): BadMaster {
  return {
    name,
    code: "truncated",
    async make(path, ffmpeg) {
      await run(ffmpeg, words.join(" "), path);
      await truncate(path, Math.round((await readFile(path)).length * 0.6));
    },
  };
}

function edited(name: string, code: string, words: string, edit: (bytes: Buffer) => void): BadMaster {
  return {
    name,
    code,
    async make(path, ffmpeg) {
      await run(ffmpeg, words, path);
      const bytes = await readFile(path);
      edit(bytes);
      await writeFile(path, bytes);
    },
  };
}

async function run(ffmpeg: string, words: string, path: string): Promise<void> {
  await execa(ffmpeg, ["-v", "error", ...words.split(" "), `file:${path}`]);
}
