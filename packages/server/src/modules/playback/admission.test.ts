import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlixError } from "../../kernel/errors.ts";
import type { CurrentPackage } from "../media/index.ts";
import { requireAdmission, requirePlayable, topHeightOf, type AdmissionFacts } from "./admission.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const title: NonNullable<AdmissionFacts["title"]> = {
  id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr",
  kind: "film",
  state: "published",
  title: "A film",
  original_language: "en",
  genres: [],
  cast: [],
  artwork: [],
  metadata: {},
  availability: [],
  playable: true,
  maturity: { system: "FSK", country: "DE", value: "12", minimum_age: 12 },
  created_at: at.toISOString(),
  updated_at: at.toISOString(),
  etag: '"1"',
};
const allowed: AdmissionFacts = {
  title,
  visible: true,
  viewpoint: { territory: "DE", at },
  maturityLimit: 21,
  entitlement: { entitled: true, planId: "pln_1", maxStreams: 2, maxHeight: 1080 },
};

function codeOf(decide: () => unknown): string | undefined {
  try {
    decide();
    return undefined;
  } catch (error) {
    return error instanceof FlixError ? error.code : String(error);
  }
}
const refusal = (changes: Partial<AdmissionFacts>) =>
  codeOf(() => requireAdmission({ ...allowed, ...changes }));

const elsewhere = { ...title, availability: [{ territories: ["FR"] }] };
const over = { ...title, availability: [{ territories: ["DE"], ends_at: "2026-11-01T00:00:00.000Z" }] };

describe("admission", () => {
  it("gives what the plan allows", () => {
    expect(requireAdmission(allowed)).toEqual({ title, maxStreams: 2, maxHeight: 1080 });
  });

  it("is refused by the first check of the contract that fails", () => {
    const unpaid: Partial<AdmissionFacts> = { entitlement: { entitled: false, reason: "ended" } };
    const young = { maturityLimit: 11, ...unpaid };
    const hidden = { visible: false, title: elsewhere, ...young };
    const steps: [string, Partial<AdmissionFacts>][] = [
      ["not_entitled", unpaid],
      ["maturity_blocked", young],
      ["territory_not_available", hidden],
      ["title_not_available", { ...hidden, title: { ...elsewhere, state: "unpublished" } }],
      ["title_not_available", { ...hidden, title: undefined }],
    ];
    for (const [code, changes] of steps) expect(refusal(changes)).toBe(code);
  });

  it("tells another country from another time", () => {
    expect(refusal({ visible: false, title: elsewhere })).toBe("territory_not_available");
    expect(refusal({ visible: false, title: over })).toBe("title_not_available");
  });

  it("takes a title without a rating for one from 18", () => {
    const { maturity: _, ...unrated } = title;
    expect(refusal({ title: unrated, maturityLimit: 17 })).toBe("maturity_blocked");
    expect(refusal({ title: unrated, maturityLimit: 18 })).toBeUndefined();
  });

  it("never lets through what is hidden, too old or not paid for", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.nat(21),
        fc.nat(21),
        (visible, entitled, age, maturityLimit) => {
          const rated = { ...title, maturity: { system: "X", country: "DE", value: "x", minimum_age: age } };
          const entitlement = entitled
            ? allowed.entitlement
            : ({ entitled: false, reason: "unpaid" } as const);
          const admitted = refusal({ visible, entitlement, maturityLimit, title: rated }) === undefined;
          expect(admitted).toBe(visible && entitled && age <= maturityLimit);
        },
      ),
    );
  });
});

describe("what there is to play", () => {
  const current: CurrentPackage = {
    id: "pkg_1",
    digest: "ab",
    prefix: "titles/x/ab",
    hlsPath: "master.m3u8",
    dashPath: "manifest.mpd",
    durationSeconds: 30,
    renditions: [
      { id: "v1", type: "video", codec: "avc1", height: 1080 },
      { id: "v2", type: "video", codec: "avc1", height: 480 },
      { id: "a", type: "audio", codec: "mp4a" },
    ],
  };

  it("is nothing without a package, or with all of it above the plan's height", () => {
    expect(codeOf(() => requirePlayable(undefined, 1080))).toBe("title_not_playable");
    expect(codeOf(() => requirePlayable(current, 479))).toBe("title_not_playable");
    expect(requirePlayable(current, 480)).toBe(current);
    const sound = { ...current, renditions: current.renditions.slice(2) };
    expect(requirePlayable(sound, 1)).toBe(sound);
    expect(topHeightOf(current)).toBe(1080);
    expect(topHeightOf(sound)).toBeUndefined();
  });
});
