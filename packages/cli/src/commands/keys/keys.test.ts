import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readCpix } from "../../../../encoder/src/protection/read-cpix.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFilm } from "../../../testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

interface KeySet {
  id: string;
  scheme: string;
  package_ids: string[];
  keys: { key_id: string; tier: string; key?: string }[];
}

let platform: RunningPlatform;
let film: string;
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder);
});
afterAll(() => platform?.stop());

const ask = async <Answer>(...args: string[]): Promise<Answer> => (await platform.json(args)) as Answer;

const ingest = (...args: string[]) =>
  ask<{ title: { id: string }; package_id: string; unchanged: boolean }>(
    "ingest",
    film,
    "--preset",
    "ultrafast",
    "--ladder",
    "fixed",
    ...args,
  );

test("an ingest encrypts with keys of its own, the next one with others, and old ones go with their package", async () => {
  const { title, package_id: first } = await ingest("--title", "Kept secret", "--protect", "cbcs");
  const list = () => ask<KeySet[]>("keys", "list", title.id);
  const [set, ...none] = await list();
  expect(none).toEqual([]);
  expect(set).toMatchObject({ scheme: "cbcs", package_ids: [first] });
  expect(set?.keys.map(({ tier }) => tier)).toEqual(["sd", "audio"]);

  const again = ["--title-id", title.id, "--protect", "cbcs"];
  expect(await ingest(...again)).toMatchObject({ unchanged: true });
  const { package_id: second } = await ingest(...again, "--force");
  const [rotated, kept] = await list();
  expect([rotated?.package_ids, kept?.package_ids]).toEqual([[second], [first]]);
  expect(rotated?.keys).not.toEqual(kept?.keys);

  const { package_id: third } = await ingest(...again, "--key-set", rotated?.id ?? "", "--clear-lead", "2");
  expect((await list())[0]?.package_ids.toSorted()).toEqual([second, third].toSorted());
  await platform.run(["api", "deletePackage", "-f", `package_id=${first}`]);
  expect((await list()).map(({ id }) => id)).toEqual([rotated?.id]);
});

test("keys are exported to who asks for them, and stand nowhere on disk in the clear", async () => {
  const { title } = await ingest("--title", "Exported", "--protect", "cenc");
  const [set] = await ask<KeySet[]>("keys", "list", title.id);
  const id = set?.id ?? "";
  const told = await ask<KeySet>("keys", "export", id);
  const { stdout } = await platform.run(["keys", "export", id, "--cpix"]);
  const document = readCpix(stdout, (reason) => new Error(reason));
  expect(document).toMatchObject({ contentId: title.id });
  expect(document.keys.map(({ keyId, scheme, key }) => [keyId, scheme, key?.toString("hex")])).toEqual(
    told.keys.map(({ key_id, key }) => [key_id, "cenc", key]),
  );
  const { stderr } = await platform.run(["keys", "delete", id, "--yes"]);
  expect(stderr).toContain("[key_set_in_use");

  const keys = told.keys.map(({ key = "" }) => Buffer.from(key, "hex"));
  const forms = keys.flatMap((key) => [
    key,
    ...["hex", "base64url"].map((encoding) => Buffer.from(key.toString(encoding as "hex"))),
    Buffer.from(key.toString("base64").slice(0, 21)),
  ]);
  // PostgreSQL's own files and its log of changes, the objects, and what the encoder left.
  const files = (await readdir(platform.folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  expect(files.length).toBeGreaterThan(500);
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name));
    expect(
      forms.some((form) => bytes.includes(form)),
      join(parentPath, name),
    ).toBe(false);
  }
});

test.each([
  ["a scheme that is none", ["--protect", "aes"], /must be one of cenc, cbcs, none/],
  ["a clear lead of a clear package", ["--clear-lead", "4"], /\[protection_not_valid\]/],
  [
    "keys that are not there",
    ["--protect", "cbcs", "--key-set", "kst_00000000000000000000000000"],
    /not_found/,
  ],
])("%s is refused with the reason", async (_, args, reason) => {
  const { exitCode, stderr } = await platform.run(["ingest", film, "--title", "Refused", ...args]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(reason);
});
