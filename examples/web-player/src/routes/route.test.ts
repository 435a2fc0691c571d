import { expect, test } from "vitest";
import { accountPath, matchRoute, searchPath, titlePath, watchPath } from "./route.ts";

const id = "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr";
const routeOf = (path: string) => matchRoute(new URL(path, "https://flix.example"));

test("Every path that the server answers with the page leads to a page", () => {
  expect(routeOf("/")).toEqual({ page: "welcome" });
  expect(routeOf("/callback?code=1&state=2")).toEqual({ page: "callback" });
  expect(routeOf("/browse")).toEqual({ page: "browse" });
  expect(routeOf("/my-list")).toEqual({ page: "my-list" });
  expect(routeOf(titlePath(id))).toEqual({ page: "title", titleId: id });
  expect(routeOf(watchPath(id))).toEqual({ page: "watch", titleId: id });
  expect(routeOf(searchPath("åäö & co"))).toEqual({ page: "search", q: "åäö & co" });
  expect(routeOf("/account")).toEqual({ page: "account" });
});

test("A slash at the end is the same page, anything longer or broken is none", () => {
  expect(routeOf("/browse/")).toEqual({ page: "browse" });
  for (const path of ["/browse/more", `/titles/${id}/more`, "/elsewhere", "/elsewhere/1"]) {
    expect(routeOf(path)).toEqual({ page: "missing" });
  }
  expect(routeOf("/titles/%E0%A4%A")).toEqual({ page: "title", titleId: "%E0%A4%A" });
});

test("The account page goes on to a film, and to nothing else", () => {
  expect(routeOf(accountPath(watchPath(id)))).toEqual({ page: "account", returnTo: watchPath(id) });
  for (const path of ["https://evil.example", "//evil.example", "/watch/../oauth", "javascript:alert(1)"]) {
    expect(routeOf(accountPath(path))).toEqual({ page: "account" });
  }
});
