import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDirectoryObjects } from "./directory.ts";
import type { Objects } from "./objects.ts";

let folder: string;
let objects: Objects;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-objects-"));
  objects = createDirectoryObjects(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = { contentType: "text/plain" };
const read = async (key: string) => Buffer.concat(await objects.read(key).toArray()).toString();

describe("objects in a directory", () => {
  it("are written whole, or not at all", async () => {
    expect(await objects.put("a/b.txt", Buffer.from("whole"), options)).toMatchObject({ sizeBytes: 5 });
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        throw new Error("The source broke");
      })(),
    );
    await expect(objects.put("a/c.txt", broken, options)).rejects.toThrow("The source broke");
    expect(await objects.head("a/c.txt")).toBeUndefined();
    expect((await readdir(folder)).filter((name) => name.startsWith(".draft"))).toEqual([]);
  });

  it("get a second name, which stays when the first goes", async () => {
    await objects.put("one/x", Buffer.from("shared"), options);
    expect(await objects.link("one/x", "two/deep/y")).toBe(true);
    expect(await objects.link("one/x", "two/deep/y")).toBe(true);
    await objects.deleteUnder("one");
    expect(await objects.head("one/x")).toBeUndefined();
    expect(await read("two/deep/y")).toBe("shared");
    expect(await objects.link("one/x", "three")).toBe(false);
  });

  it("refuse keys that lead elsewhere", async () => {
    for (const key of ["../x", "a/../../x", "/etc/passwd", "a//b", ".hidden", "a\\b", "a\0b", ""]) {
      await expect(async () => objects.head(key)).rejects.toMatchObject({ code: "invalid_request" });
    }
  });
});
