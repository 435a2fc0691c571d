import { expect, test } from "vitest";
import { parseSrt } from "./srt.ts";
import { formatWebVtt } from "./webvtt.ts";

function converted(srt: string): string {
  return formatWebVtt(parseSrt(srt, "x.srt").document)
    .replace(/^WEBVTT\n\n/, "")
    .trimEnd();
}

const times = "1\n00:00:01,000 --> 00:00:02,000\n";
const vttTimes = "00:00:01.000 --> 00:00:02.000";

test.each([
  [
    "the fraction has as many digits as it likes",
    "1\n0:0:1,5 --> 00:00:02,25\nHi",
    "00:00:01.500 --> 00:00:02.250\nHi",
  ],
  ["numbers are not needed", "00:00:01,000 --> 00:00:02,000\nHi", `${vttTimes}\nHi`],
  [
    "a text may have an empty line in it",
    `${times}one\n\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nHo`,
    `${vttTimes}\none\ntwo\n\n00:00:03.000 --> 00:00:04.000\nHo`,
  ],
  [
    "a text may be a number",
    `${times}42\n\n2\n00:00:03,000 --> 00:00:04,000\nHo`,
    `${vttTimes}\n42\n\n00:00:03.000 --> 00:00:04.000\nHo`,
  ],
  ["tags that WebVTT knows stay", `${times}<I>Hi</I> <b>you</b>`, `${vttTimes}\n<i>Hi</i> <b>you</b>`],
  ["what only looks like a tag is text", `${times}I <3 you <Bob>`, `${vttTimes}\nI &lt;3 you &lt;Bob&gt;`],
  [
    "teletext's colours become classes",
    `${times}<font color="#FFFF00">Hi</font> <font face="Arial">you</font>`,
    `${vttTimes}\n<c.yellow>Hi</c> you`,
  ],
  ["a place on the screen is kept", `${times}{\\an8}Hi`, `${vttTimes} line:0\nHi`],
  ["other commands of ASS are not", `${times}{\\fs20\\pos(1,2)}Hi`, `${vttTimes}\nHi`],
  [
    "coordinates after the times are ignored",
    "1\n00:00:01,000 --> 00:00:02,000  X1:1 X2:2 Y1:3 Y2:4\nHi",
    `${vttTimes}\nHi`,
  ],
  ["an arrow in a text would end it", `${times}a -> b`, `${vttTimes}\na -&gt; b`],
])("%s", (_, srt, webvtt) => {
  expect(converted(srt)).toBe(webvtt);
});

test.each([
  ["1\n00:00:01,000 -> 00:00:02,000 -->\nHi", "line 2"],
  [`${times}Hi\n\n2\n00:00:03,000 --> 00:00:01,000\nHo`, "line 6"],
  [`${times}Hi\n\n2\n-00:00:03,000 --> 00:00:04,000\nHo`, "line 6"],
])("%j fails with its line", (srt, line) => {
  expect(() => parseSrt(srt, "x.srt")).toThrow(line);
});
