import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileKey, isPackagePath } from "./package-paths.ts";

const owner = { title_id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", digest: "ab".repeat(32) };

/** Texts that look like paths, with everything that has ever been smuggled into one. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "/",
        "\\",
        "\0",
        "%2e",
        "%2F",
        "%00",
        "~",
        "C:",
        "?",
        "#",
        " ",
        "\n",
        "a",
        "b.mp4",
        "．．",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(""));

const name = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}$/);
const proper = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));

describe("isPackagePath", () => {
  it.each([
    "../a",
    "a/../b",
    "a/..",
    "/etc/passwd",
    "//a",
    "a//b",
    "a/",
    "",
    ".",
    ".hidden",
    "a/.b",
    "a\\b",
    "..\\a",
    "C:\\a",
    "a\0b",
    "a\n",
    "%2e%2e/a",
    "a%2fb",
    "a?b",
    "a#b",
    "a b",
    "~/a",
    "ä.mp4",
    "a:b",
    "x".repeat(256),
    `${"a/".repeat(256)}b`,
  ])("refuses %j", (path) => {
    expect(isPackagePath(path)).toBe(false);
  });

  it("takes every proper path, and its key stays under the package in every kind of file system", () => {
    fc.assert(
      fc.property(proper, (path) => {
        expect(isPackagePath(path)).toBe(true);
        const key = fileKey(owner, path);
        expect(posix.normalize(key)).toBe(key);
        expect(win32.normalize(key).replaceAll("\\", "/")).toBe(key);
        expect(new URL(key, "https://example.com/media/").pathname).toBe(`/media/${key}`);
      }),
    );
  });

  it("never lets a path through that means another place", () => {
    fc.assert(
      fc.property(hostile, (path) => {
        if (!isPackagePath(path)) {
          expect(() => fileKey(owner, path)).toThrow();
          return;
        }
        expect(path).toMatch(/^[\w./-]+$/);
        expect(path.split("/").every((part) => part !== "" && !part.startsWith("."))).toBe(true);
        expect(posix.join("/root", path)).toBe(`/root/${path}`);
        expect(decodeURIComponent(path)).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });
});
