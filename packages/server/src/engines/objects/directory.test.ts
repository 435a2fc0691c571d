import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openObjects } from "./open-objects.ts";
import { describeObjects } from "./testing/objects-suite.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-objects-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = () => openObjects({ kind: "directory", directory: join(folder, "objects") });

describeObjects("objects in a directory", { many: 30, open });

test("no draft is left behind", async () => {
  expect((await readdir(join(folder, "objects"))).filter((name) => name.startsWith("."))).toEqual([]);
});

test("what a killed process left is swept once it is old", async () => {
  const objects = await open();
  for (const name of [".draft-old", ".draft-new"]) await writeFile(join(folder, "objects", name), "half");
  await utimes(join(folder, "objects/.draft-old"), 0, 0);
  await objects.sweep(new Date(Date.now() - 60_000));
  expect((await readdir(join(folder, "objects"))).filter((name) => name.startsWith("."))).toEqual([
    ".draft-new",
  ]);
});

test("a directory that cannot be is named with its variable", async () => {
  await writeFile(join(folder, "file"), "");
  const opening = openObjects({ kind: "directory", directory: join(folder, "file/objects") });
  await expect(opening).rejects.toMatchObject({
    code: "objects_directory_not_writable",
    message: expect.stringMatching(/^FLIX_OBJECTS: .*ENOTDIR/),
  });
});
