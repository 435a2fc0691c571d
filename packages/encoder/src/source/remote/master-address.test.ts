import fc from "fast-check";
import { expect, test } from "vitest";
import { describeAddress, filenameOf, parseMasterAddress } from "./master-address.ts";

test.for([
  ["film.mov", "film.mov", "film.mov"],
  ["./https:/film.mov", "./https:/film.mov", "film.mov"],
  ["https://media.example.com/film.mov", "https://media.example.com/film.mov", "film.mov"],
  [
    "https://ann:pw@media.example.com:8443/a/b/film.mov?sig=1#2",
    "https://media.example.com:8443/…/film.mov",
    "film.mov",
  ],
  ["https://media.example.com/a%2Fb/caf%C3%A9.mov", "https://media.example.com/…/café.mov", "café.mov"],
  ["https://media.example.com/%E0%A4%A", "https://media.example.com/%E0%A4%A", "%E0%A4%A"],
  ["https://media.example.com/a/..%2f..%2f", "https://media.example.com/…/master", "master"],
  ["https://media.example.com", "https://media.example.com/master", "master"],
  ["s3://masters/2026/film one.mov", "s3://masters/2026/film one.mov", "film one.mov"],
  ["s3://masters/what?.mov", "s3://masters/what?.mov", "what?.mov"],
  [
    "s3://masters/film.mov?endpoint=https://s3.example.com&region=eu-west-1",
    "s3://masters/film.mov",
    "film.mov",
  ],
] as const)("%s is shown as %s", ([input, shown, filename]) => {
  const address = parseMasterAddress(input);
  expect({ shown: describeAddress(address), filename: filenameOf(address) }).toEqual({ shown, filename });
});

test("an s3 address has its own endpoint and region", () => {
  expect(parseMasterAddress("s3://b-1/k/x?endpoint=http://minio:9000&region=r")).toEqual({
    kind: "s3",
    bucket: "b-1",
    key: "k/x",
    endpoint: "http://minio:9000",
    region: "r",
    pathStyle: undefined,
  });
  expect(parseMasterAddress("s3://b-1/k?path_style=false")).toMatchObject({ key: "k", pathStyle: false });
});

test.for([
  "ftp://host/film.mov",
  "https://",
  "https://a b/x",
  "s3://",
  "s3://bucket",
  "s3://B!/x",
  "s3://b-1/x?endpoint=minio",
  "s3://b-1/x?path_style=perhaps",
])("%s is url_not_valid", (input) => {
  expect(() => parseMasterAddress(input)).toThrow(expect.objectContaining({ code: "url_not_valid" }));
});

test("a name that somebody else chose is a name of one file, whatever it says", () => {
  const part = fc.oneof(
    fc.string({ unit: "binary", maxLength: 100, size: "max" }),
    fc.constantFrom(".", "..", "/", "\\"),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const path = parts.map((text) => encodeURIComponent(text.toWellFormed())).join("/");
      const name = filenameOf(parseMasterAddress(`https://media.example.com/${path}`));
      expect(name).not.toMatch(/[/\\\p{Cc}]/u);
      expect(["", ".", ".."]).not.toContain(name);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    }),
  );
});
