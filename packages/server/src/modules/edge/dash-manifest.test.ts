import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitManifest } from "./dash-manifest.ts";
import { readTags } from "./xml-tags.ts";

const mpd = readFileSync(
  join(import.meta.dirname, "../playback/testing/fixtures/shaka-packager-3.4.2/manifest.mpd"),
  "utf8",
);

function idsOf(manifest: string, name: "Representation" | "AdaptationSet"): (string | undefined)[] {
  return readTags(manifest)
    .filter((tag) => tag.name === name && tag.kind !== "end")
    .map(({ attributes }) => attributes.get("id"));
}

describe("a manifest of shaka-packager", () => {
  it("stays as it is when nothing is above the limit", () => {
    expect(limitManifest(mpd, 1080)).toBe(mpd);
  });

  it("loses the representations above the limit, and keeps sound and text", () => {
    const limited = limitManifest(mpd, 720);
    expect(idsOf(mpd, "Representation")).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(idsOf(limited, "Representation")).toEqual(["1", "2", "3", "4", "5"]);
    expect(limited).not.toContain("video-1080p/");
    expect(limited).toContain("video-720p/init.mp4");
  });

  it("loses an adaptation set whose height, written once for all, is above the limit", () => {
    const limited = limitManifest(mpd, 240);
    expect(idsOf(limited, "AdaptationSet")).toEqual(["2", "3"]);
    expect(idsOf(limited, "Representation")).toEqual(["4", "5"]);
  });

  it("holds nothing above any limit, and everything below it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), (limit) => {
        const kept = [1080, 720, 360].filter((height) => height <= limit).length + (limit >= 360 ? 1 : 0);
        expect(idsOf(limitManifest(mpd, limit), "Representation")).toHaveLength(kept + 2);
      }),
    );
  });
});

describe("a manifest of several codecs, in SDR and HDR", () => {
  const codecs = readFileSync(
    join(import.meta.dirname, "../playback/testing/fixtures/shaka-packager-3.4.2-codecs/manifest.mpd"),
    "utf8",
  );

  it("keeps an adaptation set for each codec below the limit, with its colours", () => {
    const limited = limitManifest(codecs, 400);
    expect(idsOf(limited, "AdaptationSet")).toEqual(idsOf(codecs, "AdaptationSet"));
    expect(limited).not.toMatch(/video-[a-z0-9-]*(540|432)p/);
    for (const id of ["video-360p", "video-hevc-360p", "video-av1-360p", "video-av1-hdr-360p"])
      expect(limited).toContain(`${id}/init.mp4`);
    expect(limited.match(/TransferCharacteristics" value="16"/g)).toHaveLength(2);
  });

  it("loses the sets that begin above it, and keeps H.264's lowest", () => {
    const limited = limitManifest(codecs, 240);
    expect(limited).toContain("video-234p/init.mp4");
    expect(limited).not.toMatch(/hevc|av1/);
  });
});

describe("a manifest by another hand", () => {
  const wrap = (inner: string) =>
    `<m:MPD xmlns:m="urn:mpeg:dash:schema:mpd:2011"><m:Period>${inner}</m:Period></m:MPD>`;

  it("may have prefixes, empty elements, single quotes and `>` in a value", () => {
    const high = `<m:Representation id='a>b' height='1080'/>`;
    const low = `<m:Representation id='c' height = "480" />`;
    const manifest = wrap(`<m:AdaptationSet>${high}${low}</m:AdaptationSet>`);
    expect(limitManifest(manifest, 480)).toBe(wrap(`<m:AdaptationSet>${low}</m:AdaptationSet>`));
  });

  it("keeps its thumbnails, whose sheets are higher than the film", () => {
    const video = `<m:AdaptationSet contentType="video"><m:Representation height="1080"/></m:AdaptationSet>`;
    const images = `<m:AdaptationSet contentType="image"><m:Representation height="900"/></m:AdaptationSet>`;
    expect(limitManifest(wrap(video + images), 480)).toBe(wrap(images));
  });

  it("does not take comments and character data for elements", () => {
    const text = `<!-- <Representation height="2160"> --><![CDATA[<Representation height="2160">]]>`;
    expect(limitManifest(wrap(text), 480)).toBe(wrap(text));
  });

  it.each([
    ["an element that is not closed", "<MPD><Period></MPD>"],
    ["an end without a start", "<MPD></MPD></Period>"],
    ["a value without quotes", "<MPD height=1080></MPD>"],
    ["a tag that does not end", "<MPD"],
    ["a DOCTYPE, whose entities could hide elements", `<!DOCTYPE MPD [<!ENTITY a "b">]><MPD>&a;</MPD>`],
  ])("is refused with %s", (_, manifest) => {
    expect(() => limitManifest(manifest, 480)).toThrow(/XML/);
  });

  it("is read in linear time, whatever it holds", () => {
    for (const hostile of ["<a ".repeat(50_000), `<a ${"b='c' ".repeat(50_000)}`, "<!--".repeat(50_000)]) {
      const begin = process.cpuUsage().user;
      expect(() => limitManifest(hostile, 480)).toThrow(/XML/);
      expect(process.cpuUsage().user - begin).toBeLessThan(500_000);
    }
  });
});
