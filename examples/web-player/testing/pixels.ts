import type { Locator } from "playwright-core";

/** Red, green and blue of 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * What of an element is on the screen, as 160 x 90 pixels. Encrypted pictures cannot be drawn from the video element, so the
 * browser is asked for the screen.
 */
export async function pixelsOf(locator: Locator): Promise<Rgb[]> {
  const shot = await locator.screenshot();
  return locator.page().evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
    const context = canvas.getContext("2d");
    context?.drawImage(bitmap, 0, 0, 160, 90);
    const { data } = context?.getImageData(0, 0, 160, 90) ?? { data: [] };
    return Array.from({ length: data.length / 4 }, (_, pixel): [number, number, number] => {
      const at = pixel * 4;
      return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    });
  }, shot.toString("base64"));
}
