import fc from "fast-check";
import { expect, test } from "vitest";
import { type CueNode, cueTags, normalizeCueText, type SubtitleDocument } from "./cue.ts";
import { formatWebVtt, parseWebVtt } from "./webvtt.ts";

/** Text as people write it, with everything in it that WebVTT must escape. */
const words = fc
  .array(
    fc.constantFrom(
      "Hi",
      "été",
      "映画",
      "&",
      "<i>",
      ">",
      "-->",
      "&amp;",
      " ",
      "\n",
      "\u00A0",
      "\u200F",
      "NOTE",
      "1",
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(""));
const percent = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 100);
const point = fc.record({ x: percent, y: percent });
const timeMs = fc.integer({ min: 0, max: 400 * 3_600_000 });

const { nodes } = fc.letrec<{ nodes: CueNode[]; node: CueNode }>((tie) => ({
  nodes: fc.array(tie("node"), { maxLength: 4 }),
  node: fc.oneof(
    { maxDepth: 3 },
    words,
    timeMs.map((time) => ({ timeMs: time })),
    fc
      .record({
        tag: fc.constantFrom(...cueTags),
        classes: fc.uniqueArray(fc.constantFrom("yellow", "bg_black", "ü1"), { maxLength: 2 }),
        annotation: fc.constantFrom("", "Bob & <Eve>", "pt-BR"),
        children: tie("nodes"),
      })
      .map((span) => (span.tag === "v" || span.tag === "lang" ? span : { ...span, annotation: "" })),
  ),
}));

const settings = fc.record(
  {
    vertical: fc.constantFrom("rl", "lr"),
    line: fc.oneof(
      fc.record({ value: percent, percent: fc.constant(true) }),
      fc.record({ value: fc.integer({ min: -20, max: 20 }), percent: fc.constant(false) }),
      fc.record({
        value: percent,
        percent: fc.constant(true),
        align: fc.constantFrom("start", "center", "end"),
      }),
    ),
    position: fc.record(
      { percent, align: fc.constantFrom("line-left", "center", "line-right") },
      { requiredKeys: ["percent"] },
    ),
    sizePercent: percent,
    align: fc.constantFrom("start", "center", "end", "left", "right"),
  },
  { requiredKeys: [] },
);

const document: fc.Arbitrary<SubtitleDocument> = fc.record({
  regions: fc.constantFrom([], ["fred"]).chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          widthPercent: percent,
          lines: fc.integer({ min: 0, max: 99 }),
          regionAnchor: point,
          viewportAnchor: point,
          scroll: fc.boolean(),
        }),
      ),
    ),
  ),
  styles: fc.constantFrom([], ["::cue(.yellow) { color: yellow; }", "::cue {\n  font-style: italic;\n}"]),
  cues: fc.array(
    fc
      .record({
        id: fc.constantFrom("", "1", "NOTE this", "WEBVTT", "c'est l'été"),
        startMs: timeMs,
        duration: fc.integer({ min: 1, max: 60_000 }),
        settings,
        text: nodes,
      })
      .map(({ duration, text, ...cue }) => ({
        ...cue,
        endMs: cue.startMs + duration,
        text: normalizeCueText(["x", ...text]),
      })),
    { maxLength: 5 },
  ),
});

test("what is written is read as it was, whatever the text", () => {
  fc.assert(
    fc.property(document, (original) => {
      const parsed = parseWebVtt(formatWebVtt(original), "x.vtt");
      expect(parsed).toEqual({ document: original, warnings: [] });
    }),
  );
});

test("no text whatever does anything but parse or fail with its line", () => {
  const pieces = fc.constantFrom(
    "00:01.000 --> 00:02.000",
    "-->",
    "<",
    "<i",
    ">",
    "\n",
    "\n\n",
    "STYLE",
    "REGION",
    "a",
    "&#",
    ";",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      try {
        const { document } = parseWebVtt(`WEBVTT\n\n${parts.join("")}`, "x.vtt");
        expect(parseWebVtt(formatWebVtt(document), "x.vtt").document).toEqual(document);
      } catch (error) {
        expect(error).toMatchObject({
          code: "subtitle_not_valid",
          message: expect.stringMatching(/line \d+/),
        });
      }
    }),
  );
});

const parse = (body: string) => parseWebVtt(`WEBVTT\n\n${body}\n`, "x.vtt");
const rewritten = (body: string) =>
  formatWebVtt(parse(body).document)
    .replace(/^WEBVTT\n\n/, "")
    .trimEnd();

test.each([
  ["01:02.500 --> 01:04.000\nHi", "00:01:02.500 --> 00:01:04.000\nHi"],
  [
    "00:01.000-->00:02.000   align:end   line:10%,end position:20%,line-left bogus:1 size:200%\nHi",
    "00:00:01.000 --> 00:00:02.000 line:10%,end position:20%,line-left align:end\nHi",
  ],
  ["00:01.000 --> 00:02.000\n<i>Hi <b>there", "00:00:01.000 --> 00:00:02.000\n<i>Hi <b>there</b></i>"],
  [
    "00:01.000 --> 00:02.000\n<font color=red>Hi</font> a < b &eacute;&#233;",
    "00:00:01.000 --> 00:00:02.000\nHi a &lt; b &amp;eacute;é",
  ],
  [
    "00:01.000 --> 00:02.000\n<v.loud  Mary  Ann>Hi</v></i>",
    "00:00:01.000 --> 00:00:02.000\n<v.loud Mary Ann>Hi</v>",
  ],
  [
    "NOTE to self\nabout this\n\n00:01.000 --> 00:02.000\nHi\n00:02.000 --> 00:03.000\nno empty line before",
    "00:00:01.000 --> 00:00:02.000\nHi\n\n00:00:02.000 --> 00:00:03.000\nno empty line before",
  ],
  [
    "REGION\nid:fred width:40%\n\n00:01.000 --> 00:02.000 region:fred\nHi",
    "REGION\nid:fred\nwidth:40%\nlines:3\nregionanchor:0%,100%\nviewportanchor:0%,100%\n\n00:00:01.000 --> 00:00:02.000 region:fred\nHi",
  ],
])("%j is written as %j", (before, after) => {
  expect(rewritten(before)).toBe(after);
});

test.each([
  ["::cue { background: url(http://tracker.example/) }"],
  ["@import 'x.css';"],
  ["::cue { color: red } body { display: none }"],
  ["::cue { color: \\75rl(x) }"],
])("a style that could reach outside is left out with a word: %s", (css) => {
  const { document, warnings } = parse(`STYLE\n${css}\n\n00:01.000 --> 00:02.000\nHi`);
  expect(document.styles).toEqual([]);
  expect(warnings).toMatchObject([{ code: "subtitle_style_dropped" }]);
});

test.each([
  ["00:01.000 --> 00:02,000\nHi", "line 3"],
  ["00:03.000 --> 00:01.000\nHi", "line 3"],
  ["00:01.000 --> 00:02.000\nHi\n\nlost words", "line 6"],
  ["an id\nmore\n00:01.000 --> 00:02.000\nHi", "line 3"],
])("%j fails with its line", (body, line) => {
  expect(() => parse(body)).toThrow(line);
});

test("a cue that ends when it starts is left out with a word", () => {
  const { document, warnings } = parse("00:01.000 --> 00:01.000\nHi\n\n00:01.000 --> 00:02.000\nHo");
  expect(document.cues).toHaveLength(1);
  expect(warnings).toMatchObject([
    { code: "subtitle_cue_dropped", message: expect.stringContaining("line 3") },
  ]);
});
