import { expect, test } from "vitest";
import { createMediaGrant } from "./media-grant.ts";

const origin = "https://flix.example";

test("Requests go to the newest grant, whichever grant their URL began with", () => {
  const grant = createMediaGrant("/media/one/titles/x/", origin);
  expect(grant.rewrite(`${origin}/media/one/titles/x/v/1.m4s`)).toBe(`${origin}/media/one/titles/x/v/1.m4s`);
  grant.renew("/media/two/titles/x/");
  grant.renew("/media/three/titles/x/");
  for (const began of ["one", "two", "three"]) {
    expect(grant.rewrite(`${origin}/media/${began}/titles/x/v/1.m4s?a=b`)).toBe(
      `${origin}/media/three/titles/x/v/1.m4s?a=b`,
    );
  }
});

test("A grant that comes back is the newest again", () => {
  const grant = createMediaGrant("/media/one/", origin);
  grant.renew("/media/two/");
  grant.renew("/media/one/");
  expect(grant.rewrite("/media/two/a.mpd")).toBe(`${origin}/media/one/a.mpd`);
  expect(grant.rewrite("/media/one/a.mpd")).toBe(`${origin}/media/one/a.mpd`);
});

test("The media may move to another host, and other URLs are left alone", () => {
  const grant = createMediaGrant("/media/one/", origin);
  grant.renew("https://edge.example/media/two/");
  expect(grant.rewrite("/media/one/v/init.mp4")).toBe("https://edge.example/media/two/v/init.mp4");
  expect(grant.rewrite("https://elsewhere.example/media/one/x")).toBe(
    "https://elsewhere.example/media/one/x",
  );
  expect(grant.rewrite("blob:https://flix.example/1")).toBe("blob:https://flix.example/1");
});
