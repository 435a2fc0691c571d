import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readImage } from "./images.ts";
import { jpeg, png, webp } from "./testing/images.ts";

describe("readImage", () => {
  it("reads type and size of each kind from its bytes", () => {
    expect(readImage(png(320, 480))).toEqual({
      contentType: "image/png",
      extension: "png",
      width: 320,
      height: 480,
    });
    expect(readImage(jpeg(640, 360))).toMatchObject({ contentType: "image/jpeg", width: 640, height: 360 });
    for (const kind of ["VP8X", "VP8L", "VP8 "] as const) {
      expect(readImage(webp(kind, 300, 200))).toMatchObject({ extension: "webp", width: 300, height: 200 });
    }
  });

  it("refuses what only pretends, has no area, or is too large to be shown", () => {
    for (const bytes of [
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      Buffer.from("GIF89a"),
      png(0, 10),
      png(20_000, 10),
      jpeg(10, 10).subarray(0, 20),
      Buffer.alloc(0),
    ]) {
      expect(readImage(bytes)).toBeUndefined();
    }
  });

  it("survives any bytes behind a right beginning", () => {
    const beginnings = [
      png(1, 1).subarray(0, 8),
      Buffer.from([0xff, 0xd8, 0xff]),
      webp("VP8X", 1, 1).subarray(0, 16),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }), (beginning, rest) => {
        const image = readImage(Buffer.concat([beginning, rest]));
        expect(image === undefined || image.width >= 1).toBe(true);
      }),
    );
  });
});
