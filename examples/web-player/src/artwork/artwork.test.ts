import { expect, test } from "vitest";
import { artworkFor, huesOf, logoOf, type Title } from "./artwork.ts";

type Artwork = Title["artwork"][number];

const picture = (kind: Artwork["kind"], width: number, height: number): Artwork => ({
  kind,
  url: `/artwork/${kind}-${width}.jpg`,
  content_type: "image/jpeg",
  width,
  height,
});
const poster = picture("poster", 600, 900);
const frame = picture("poster", 1920, 1080);
const backdrop = picture("backdrop", 1920, 1080);
const still = picture("still", 1280, 720);

test("Each place has the kind that is made for it, and makes do with others", () => {
  expect(artworkFor({ artwork: [poster, backdrop, still] }, "backdrop")).toBe(backdrop);
  expect(artworkFor({ artwork: [poster, backdrop, still] }, "wide")).toBe(still);
  expect(artworkFor({ artwork: [frame] }, "backdrop")).toBe(frame);
  expect(artworkFor({ artwork: [poster] }, "wide")).toBe(poster);
  expect(artworkFor({ artwork: [] }, "wide")).toBeUndefined();
});

test("A wide picture goes before a tall one, whatever their kinds, and a logo is no picture", () => {
  const logo = picture("logo", 800, 300);
  expect(artworkFor({ artwork: [picture("still", 720, 1280), frame] }, "wide")).toBe(frame);
  expect(artworkFor({ artwork: [logo] }, "backdrop")).toBeUndefined();
  expect(logoOf({ artwork: [poster, logo] })).toBe(logo);
});

test("A title without pictures has colours of its own, always the same", () => {
  expect(huesOf("ttl_a")).toEqual(huesOf("ttl_a"));
  expect(huesOf("ttl_a")).not.toEqual(huesOf("ttl_b"));
  for (const hue of huesOf("ttl_01k9v3c4x5e6f7g8h9j0kmnpqr")) expect(hue).toBeLessThan(360);
});
