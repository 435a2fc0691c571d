import { expect, test } from "vitest";
import { titleOf } from "../../testing/titles.ts";
import { isOnMyList, isYoung, pickHero, progressOf, type HomeItem, type HomeRow } from "./rows.ts";

const wide = [{ kind: "backdrop", url: "/artwork/a.jpg", content_type: "image/jpeg" }] as const;
const plain = titleOf({ title: "Without a picture" });
const painted = titleOf({ title: "Painted", artwork: [...wide] });
const begun = titleOf({ title: "Begun", artwork: [...wide] });

function row(kind: HomeRow["kind"], ...items: HomeItem[]): HomeRow {
  return { id: kind, kind, title: kind, items };
}

test("The page opens with something to discover that has a picture", () => {
  const rows = [
    row("continue_watching", { title: begun, progress: 0.5 }),
    row("popular", { title: plain }, { title: painted }),
  ];
  expect(pickHero({ rows })?.title.title).toBe("Painted");
});

test("On a platform of one film, that film opens the page", () => {
  expect(pickHero({ rows: [row("continue_watching", { title: begun })] })?.title).toBe(begun);
  expect(pickHero({ rows: [row("new", { title: plain })] })?.title).toBe(plain);
  expect(pickHero({ rows: [] })).toBeUndefined();
});

test("A page is young until it holds three different titles", () => {
  const one = row("new", { title: plain });
  expect(isYoung({ rows: [one, row("my_list", { title: plain }), row("popular", { title: painted })] })).toBe(
    true,
  );
  expect(isYoung({ rows: [one, row("popular", { title: painted }, { title: begun })] })).toBe(false);
});

test("What was begun and what is on my list is known for every other row", () => {
  const rows = [
    row("continue_watching", { title: begun, progress: 0.4 }),
    row("my_list", { title: painted }),
    row("new", { title: plain }),
  ];
  expect([...progressOf({ rows })]).toEqual([[begun.id, 0.4]]);
  expect(isOnMyList({ rows }, painted.id)).toBe(true);
  expect(isOnMyList({ rows }, plain.id)).toBe(false);
});
