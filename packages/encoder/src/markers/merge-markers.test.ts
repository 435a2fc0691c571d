import fc from "fast-check";
import { expect, test } from "vitest";
import { markerKinds } from "./markers.ts";
import { mergeMarkers, type SourcedMarker } from "./merge-markers.ts";

const credits = { kind: "credits", startSeconds: 90, source: "detected" } as const;
const intro = { kind: "intro", startSeconds: 5, endSeconds: 20, source: "ingest" } as const;

test("an operator's own stays, whatever an ingest brings", () => {
  const own = { kind: "credits", startSeconds: 80, source: "operator" } as const;
  expect(mergeMarkers([own], [credits, intro], 100)).toEqual([intro, own]);
});

test("what an ingest was given replaces what was detected and what an earlier one was given", () => {
  const given = { ...credits, startSeconds: 85, source: "ingest" } as const;
  expect(mergeMarkers([credits], [given], 100)).toEqual([given]);
  expect(mergeMarkers([given], [credits], 100)).toEqual([given]);
  expect(mergeMarkers([{ ...given, startSeconds: 70 }], [given], 100)).toEqual([given]);
  expect(mergeMarkers([{ ...credits, startSeconds: 70 }], [credits], 100)).toEqual([credits]);
});

test("what would lie over a marker of more weight is left out, and so is what lies past the end", () => {
  const recap = { kind: "recap", startSeconds: 10, endSeconds: 30, source: "operator" } as const;
  expect(mergeMarkers([recap], [intro], 100)).toEqual([recap]);
  expect(mergeMarkers([], [intro, credits], 90)).toEqual([intro]);
  expect(mergeMarkers([], [{ ...intro, endSeconds: 100.04 }], 100)).toEqual([{ ...intro, endSeconds: 100 }]);
});

test("whatever comes together, one of a kind is left, none over another, all in the film; and again it is the same", () => {
  const marker = fc
    .record({
      kind: fc.constantFrom(...markerKinds),
      startSeconds: fc.nat(110),
      length: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
      source: fc.constantFrom("operator" as const, "ingest" as const, "detected" as const),
    })
    .map(({ length, ...rest }): SourcedMarker => {
      const endSeconds = rest.kind === "credits" ? length : (length ?? 1);
      return endSeconds === undefined ? rest : { ...rest, endSeconds: rest.startSeconds + endSeconds };
    });
  const lists = fc.array(marker, { maxLength: 4 });
  fc.assert(
    fc.property(lists, lists, (present, offered) => {
      const merged = mergeMarkers(present, offered, 100);
      expect(new Set(merged.map(({ kind }) => kind)).size).toBe(merged.length);
      merged.forEach(({ startSeconds, endSeconds = 100 }, index) => {
        expect(startSeconds).toBeGreaterThanOrEqual(merged[index - 1]?.endSeconds ?? 0);
        expect(endSeconds).toBeLessThanOrEqual(100);
        expect(startSeconds).toBeLessThan(endSeconds);
      });
      expect(mergeMarkers(merged, offered, 100)).toEqual(merged);
      expect(mergeMarkers(merged, [], 100)).toEqual(merged);
    }),
  );
});
