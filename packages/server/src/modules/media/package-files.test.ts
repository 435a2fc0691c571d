import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPackage, packageDigest, partsOf } from "./package-files.ts";
import { newPackage, smallFiles } from "./testing/media.ts";

const refuses = (draft: Parameters<typeof checkPackage>[0], code = "package_files_not_valid") =>
  expect(() => checkPackage(draft)).toThrow(expect.objectContaining({ code }));

describe("checkPackage", () => {
  const files = smallFiles("check");
  const empty = Buffer.from("x");

  it("takes a package whose files are all there", () => {
    expect(() => checkPackage(newPackage(files))).not.toThrow();
  });

  it("refuses manifests, thumbnails and posters that are not among the files", () => {
    refuses(newPackage(files, { hls_path: "other.m3u8" }));
    refuses(newPackage(files, { thumbnails_path: "thumbnails.vtt" }));
    refuses(newPackage(files, { poster_path: "poster.jpg" }));
  });

  it("refuses files that cannot stand side by side on some file system", () => {
    const { files: list } = newPackage(files);
    refuses(newPackage(files, { files: [...list, ...list.slice(0, 1)] }));
    refuses(newPackage({ ...files, "MASTER.m3u8": empty }));
    refuses(newPackage({ ...files, "video-240p": empty }));
    refuses(newPackage({ ...files, "a/../../b": empty }));
  });

  it("refuses the digest of other files, and a rendition that is there twice", () => {
    refuses({ ...newPackage(files), digest: "0".repeat(64) }, "package_digest_mismatch");
    const { renditions } = newPackage(files);
    refuses(newPackage(files, { renditions: [...renditions, ...renditions] }));
  });
});

describe("packageDigest", () => {
  it("is that of what sha256sum prints in byte order, whatever the order given", () => {
    const list = [
      { path: "b/1.m4s", sha256: "b".repeat(64) },
      { path: "B", sha256: "c".repeat(64) },
      { path: "a", sha256: "a".repeat(64) },
    ];
    const printed = [`${"c".repeat(64)}  B`, `${"a".repeat(64)}  a`, `${"b".repeat(64)}  b/1.m4s`, ""].join(
      "\n",
    );
    expect(packageDigest(list)).toBe(createHash("sha256").update(printed).digest("hex"));
    expect(packageDigest(list.toReversed())).toBe(packageDigest(list));
  });
});

describe("partsOf", () => {
  it("covers the file exactly, with parts that a request can carry", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 * 1024 ** 2 * 100_000 }), (size) => {
        const { part_size_bytes, part_count } = partsOf(size);
        expect(part_count * part_size_bytes).toBeGreaterThanOrEqual(size);
        expect((part_count - 1) * part_size_bytes).toBeLessThan(size);
        expect(part_size_bytes).toBeLessThanOrEqual(16 * 1024 ** 2);
        expect(part_count).toBeLessThanOrEqual(100_000);
      }),
    );
  });
});
