import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isVisible, readWindows } from "./availability.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const time = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true });
const territory = fc.constantFrom("FR", "GB", "US");

const published = (...availability: Parameters<typeof readWindows>[0]) => ({
  state: "published" as const,
  availability,
});

describe("isVisible", () => {
  it("is false for what is not published, whatever its windows", () => {
    const open = { territories: [] };
    expect(isVisible({ state: "draft", availability: [open] }, { territory: "FR", at })).toBe(false);
    expect(isVisible({ state: "unpublished", availability: [] }, { territory: "FR", at })).toBe(false);
  });

  it("is true everywhere and always without a window", () => {
    fc.assert(
      fc.property(territory, time, (place, when) => isVisible(published(), { territory: place, at: when })),
    );
  });

  it("lets in at the start and out at the end", () => {
    const window = { territories: ["FR"], starts_at: at.toISOString(), ends_at: "2026-11-23T12:00:00.000Z" };
    const visible = (when: Date) => isVisible(published(window), { territory: "FR", at: when });
    expect(visible(new Date(at.getTime() - 1))).toBe(false);
    expect(visible(at)).toBe(true);
    expect(visible(new Date("2026-11-23T11:59:59.999Z"))).toBe(true);
    expect(visible(new Date("2026-11-23T12:00:00.000Z"))).toBe(false);
  });

  it("never shows a title in a territory that no window names, and one more window never hides it", () => {
    const window = fc.record(
      {
        territories: fc.uniqueArray(territory, { minLength: 1 }),
        starts_at: time.map((date) => date.toISOString()),
      },
      { requiredKeys: ["territories"] },
    );
    fc.assert(
      fc.property(
        fc.array(window, { minLength: 1 }),
        window,
        territory,
        time,
        (windows, more, place, when) => {
          const viewpoint = { territory: place, at: when };
          const visible = isVisible(published(...windows), viewpoint);
          if (!windows.some(({ territories }) => territories.includes(place))) expect(visible).toBe(false);
          if (visible) expect(isVisible(published(...windows, more), viewpoint)).toBe(true);
          if (visible)
            expect(isVisible(published(...windows), { ...viewpoint, territory: undefined })).toBe(true);
        },
      ),
    );
  });
});

describe("readWindows", () => {
  it("keeps times in UTC", () => {
    expect(readWindows([{ territories: [], starts_at: "2026-11-22T13:00:00+01:00" }])).toEqual([
      { territories: [], starts_at: "2026-11-22T12:00:00.000Z" },
    ]);
  });

  it("points to a window that ends before it starts, and to a time that is none", () => {
    const backwards = { territories: [], starts_at: "2026-11-22T12:00:00Z", ends_at: "2026-11-22T12:00:00Z" };
    expect(() => readWindows([{ territories: [] }, backwards])).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        errors: [{ pointer: "/availability/1/ends_at", message: "must be after starts_at" }],
      }),
    );
    expect(() => readWindows([{ territories: [], ends_at: "2026-12-31T23:59:60Z" }])).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  });
});
