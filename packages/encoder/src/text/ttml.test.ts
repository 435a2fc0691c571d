import { expect, test } from "vitest";
import { parseTtml } from "./ttml.ts";
import { parseTtmlTime, readClock } from "./ttml-time.ts";
import { parseXml } from "../xml.ts";
import { formatWebVtt } from "./webvtt.ts";

const element = (xml: string) => parseXml(xml, (reason) => new Error(reason));

interface Parts {
  tt?: string;
  head?: string;
  body: string;
}

function ttml({ tt = "", head = "", body }: Parts): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en" ${tt}>
  <head>${head}</head>
  <body>${body}</body>
</tt>`;
}

function converted(parts: Parts): string {
  const { document } = parseTtml(ttml(parts), "x.ttml");
  return formatWebVtt(document)
    .replace(/^WEBVTT\n\n/, "")
    .trimEnd();
}

test.each([
  ["00:01:02.5", "", 62_500],
  ["10:00:00", "", 36_000_000],
  ["00:00:01:12", 'ttp:frameRate="24"', 1_500],
  ["00:00:01:15", "", 1_500],
  ["00:00:10:24", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 10_801],
  ["00:00:01:12.1", 'ttp:frameRate="24" ttp:subFrameRate="2"', 1_521],
  ["1.5h", "", 5_400_000],
  ["2m", "", 120_000],
  ["62.25s", "", 62_250],
  ["750ms", "", 750],
  ["36f", 'ttp:frameRate="24"', 1_500],
  ["48f", 'ttp:frameRate="24" ttp:frameRateMultiplier="1000:1001"', 2_002],
  ["25000000t", 'ttp:tickRate="10000000"', 2_500],
  ["3t", "", 3_000],
  // A minute of tape at 29.97 without drop frames is 60.06 s, and with them ten minutes are ten minutes.
  ["00:01:00:00", 'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 60_060],
  [
    "00:10:00:00",
    'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:dropMode="dropNTSC"',
    599_999,
  ],
])("%s with %s is %i ms", (text, attributes, expected) => {
  expect(parseTtmlTime(text, readClock(element(`<tt ${attributes}/>`)))).toBe(expected);
});

test.each(["1", "1:2:3", "00:00", "-1s", "1e3s", "00:00:01,5", "", "12fps"])("%j is no time", (text) => {
  expect(parseTtmlTime(text, readClock(element("<tt/>")))).toBeNull();
});

test("paragraphs become cues, their times counting from their block's", () => {
  const body = `<div begin="10s"><p begin="1s" end="2s">One</p><p begin="2s" dur="1.5s">Two<br/>lines</p></div>
    <div begin="20s" end="22s"><p>As long as its block</p></div>
    <div timeContainer="seq" begin="30s"><p dur="1s">First</p><p dur="2s">Second</p></div>`;
  expect(converted({ body })).toBe(
    [
      "00:00:11.000 --> 00:00:12.000\nOne",
      "00:00:12.000 --> 00:00:13.500\nTwo\nlines",
      "00:00:20.000 --> 00:00:22.000\nAs long as its block",
      "00:00:30.000 --> 00:00:31.000\nFirst",
      "00:00:31.000 --> 00:00:33.000\nSecond",
    ].join("\n\n"),
  );
});

test("spans that come one after the other give a cue for each moment", () => {
  const body =
    '<div><p begin="0s" end="3s"><span end="2s">Hello</span><br/><span begin="1s">world</span></p></div>';
  expect(converted({ body })).toBe(
    [
      "00:00:00.000 --> 00:00:01.000\nHello",
      "00:00:01.000 --> 00:00:02.000\nHello\nworld",
      "00:00:02.000 --> 00:00:03.000\nworld",
    ].join("\n\n"),
  );
});

test("white space is one space, unless it counts", () => {
  const body = `<div><p begin="0s" end="1s">
      Two   words  <span tts:fontStyle="italic"> in  italics</span>
      <br/>  next </p><p xml:space="preserve" begin="1s" end="2s">as  it\nis</p></div>`;
  expect(converted({ body })).toBe(
    "00:00:00.000 --> 00:00:01.000\nTwo words <i>in italics</i>\nnext\n\n00:00:01.000 --> 00:00:02.000\nas  it\nis",
  );
});

test("styles come from references, their references, regions and parents; what hides is not there", () => {
  const head = `<styling>
      <style xml:id="base" tts:fontStyle="italic"/><style xml:id="loud" style="base" tts:fontWeight="bold"/>
      <style xml:id="loop" style="loop" tts:color="#00FFFF"/>
    </styling><layout><region xml:id="r" tts:displayAlign="after" tts:textAlign="center" tts:color="yellow"/></layout>`;
  const body = `<div region="r">
      <p begin="0s" end="1s"><span style="loud">A</span> <span tts:textDecoration="underline">B</span></p>
      <p begin="1s" end="2s" style="loop">C <span xml:lang="fr">oui</span></p>
      <p begin="2s" end="3s" tts:visibility="hidden">D</p><p begin="2s" end="3s">E <span tts:display="none">F</span></p></div>`;
  expect(converted({ head, body })).toBe(
    [
      "00:00:00.000 --> 00:00:01.000\n<c.yellow><i><b>A</b></i></c><c.yellow> </c><c.yellow><u>B</u></c>",
      "00:00:01.000 --> 00:00:02.000\n<c.cyan>C </c><lang fr><c.cyan>oui</c></lang>",
      "00:00:02.000 --> 00:00:03.000\n<c.yellow>E</c>",
    ].join("\n\n"),
  );
});

test.each([
  ['tts:origin="10% 80%" tts:extent="80% 10%" tts:displayAlign="after" tts:textAlign="center"', ""],
  ['tts:origin="10% 5%" tts:extent="80% 20%" tts:displayAlign="before" tts:textAlign="center"', " line:0"],
  ['tts:origin="10% 40%" tts:extent="80% 20%" tts:displayAlign="center" tts:textAlign="center"', " line:47%"],
  ['tts:origin="10% 40%" tts:extent="80% 20%" tts:displayAlign="after" tts:textAlign="center"', " line:54%"],
  [
    'tts:origin="10% 80%" tts:extent="40% 15%" tts:displayAlign="after" tts:textAlign="start"',
    " position:10% align:start",
  ],
  [
    'tts:origin="50% 80%" tts:extent="40% 15%" tts:displayAlign="after" tts:textAlign="right"',
    " position:90% align:right",
  ],
  [
    'tts:origin="50% 80%" tts:extent="40% 15%" tts:displayAlign="after" tts:textAlign="center"',
    " position:70%",
  ],
  [
    'tts:origin="192px 864px" tts:extent="768px 162px" tts:displayAlign="after" tts:textAlign="left"',
    " position:10% align:left",
  ],
  ['tts:origin="8c 0c" tts:extent="16c 3c" tts:displayAlign="before" tts:textAlign="center"', " line:0"],
  ['tts:writingMode="tbrl"', " vertical:rl"],
])("a region with %s is placed%s", (region, settings) => {
  const head = `<layout><region xml:id="r" ${region}/></layout>`;
  const body = '<div><p region="r" begin="0s" end="1s">Hi</p></div>';
  expect(converted({ tt: 'tts:extent="1920px 1080px"', head, body })).toBe(
    `00:00:00.000 --> 00:00:01.000${settings}\nHi`,
  );
});

test("a region's own style elements count, and paragraphs that show together stand in their order", () => {
  const head =
    '<layout><region xml:id="top"><style tts:displayAlign="before"/><style tts:textAlign="center"/></region></layout>';
  const body = '<div region="top"><p begin="0s" end="1s">One</p><p begin="0s" end="1s">Two</p></div>';
  expect(converted({ head, body })).toBe("00:00:00.000 --> 00:00:01.000 line:0\nOne\nTwo");
});

test("readings of characters stand above them", () => {
  const body =
    '<div><p begin="0s" end="1s">A<span tts:ruby="container"><span tts:ruby="base">漢</span><span tts:ruby="text">kan</span></span></p></div>';
  expect(converted({ body })).toBe("00:00:00.000 --> 00:00:01.000\nA<ruby>漢<rt>kan</rt></ruby>");
});

test("a tape's first hour is taken off where EBU-TT tells it", () => {
  const head =
    "<metadata><ebuttm:documentMetadata><ebuttm:documentStartOfProgramme>10:00:00:00</ebuttm:documentStartOfProgramme></ebuttm:documentMetadata></metadata>";
  const body = '<div><p begin="10:00:01:00" end="10:00:02:00">Hi</p></div>';
  expect(converted({ tt: 'ttp:timeBase="smpte" ttp:frameRate="25"', head, body })).toBe(
    "00:00:01.000 --> 00:00:02.000\nHi",
  );
});

test.each([
  [
    "a document type",
    '<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><tt><body>&b;</body></tt>',
    "document type",
  ],
  ["a file of the machine", '<!DOCTYPE tt [<!ENTITY x SYSTEM "file:///etc/passwd">]><tt/>', "document type"],
  ["an element that is not closed", "<tt><body>\n<div></body></tt>", "line 2"],
  [
    "a thousand elements in one another",
    `<tt>${"<div>".repeat(1000)}${"</div>".repeat(1000)}</tt>`,
    "not XML",
  ],
  ["a name that is JavaScript's own", "<tt><__proto__ a='1'/></tt>", "not XML"],
  ["another document", "<html><body/></html>", "<html>"],
  ["a time that is none", ttml({ body: '<div><p begin="soon" end="1s">Hi</p></div>' }), 'begin="soon"'],
  ["text without an end", ttml({ body: '<div><p begin="1s">Hi</p></div>' }), "has no end"],
  ["pictures", ttml({ body: '<div begin="1s" end="2s" smpte:backgroundImage="#i"/>' }), "image profile"],
  [
    "thousands of spans in a paragraph",
    ttml({ body: `<div><p begin="0s" end="9s">${'<span begin="1s">x</span>'.repeat(3000)}</p></div>` }),
    "parts",
  ],
])("%s is refused", (_, text, reason) => {
  expect(() => parseTtml(text, "x.ttml")).toThrow(reason);
});
