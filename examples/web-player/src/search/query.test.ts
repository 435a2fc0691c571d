import { expect, test } from "vitest";
import { genreQuery, queryOf } from "./query.ts";

test("Words are searched for, a genre is a filter, and nothing lists what is new", () => {
  expect(queryOf("")).toEqual({});
  expect(queryOf("big buck")).toEqual({ q: "big buck" });
  expect(queryOf(genreQuery("science-fiction"))).toEqual({ genre: "science-fiction" });
});

test("No text that one types is refused by the contract", () => {
  expect(queryOf("genre:Not A Slug")).toEqual({ q: "genre:Not A Slug" });
  expect(queryOf("x".repeat(500)).q).toHaveLength(200);
});
