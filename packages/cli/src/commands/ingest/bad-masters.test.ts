import { execFileSync } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findPrograms } from "@flix/encoder";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badMasters } from "../../../testing/bad-masters.ts";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { program } from "../../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

let platform: RunningPlatform;
let film: string;
let live: string;
let playing: unknown[];
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder);
  const args = ["ingest", film, "--title", "Live", "--preset", "ultrafast", "--publish"];
  live = textAt(await platform.json(args), "title", "id");
  playing = await kept();
  await mkdir(inFolder("bad"));
  const { ffmpeg } = await findPrograms();
  for (const { name, make } of badMasters) await make?.(inFolder(`bad/${name}`), ffmpeg.path);
}, 60_000);
afterAll(() => platform.stop());

const inFolder = (name: string) => join(platform.folder, name);
const cwd = () => inFolder("bad");
// What Node compiled is kept in the temporary folder otherwise.
const compiled = () => ({ NODE_COMPILE_CACHE: inFolder("compiled") });

/** The title that plays, and all that is kept for it. */
function kept(): Promise<unknown[]> {
  const asked = ["getTitle", "listPackages", "listAssets"];
  return Promise.all(asked.map((operation) => platform.json(["api", operation, "-f", `title_id=${live}`])));
}

/** Programs that were started for a folder and still run. */
function processesIn(folder: string): string[] {
  const list = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return list.split("\n").filter((line) => line.includes(folder));
}

/** What a machine knows of masters that it read, and of itself. */
const remembered = /^work(?:|\/speeds\.json|\/hashes(?:\/[0-9a-f]{64})?)$/;

/** What acts on a terminal, but for the ends of lines. */
// oxlint-disable-next-line no-control-regex -- Control characters are what this looks for.
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe("a bad master has a stable code, exits with 1, and leaves nothing", () => {
  test.concurrent.for(badMasters)("$name is $code", async ({ name, code }, { expect: its }) => {
    const own = inFolder(`run-${badMasters.findIndex((bad) => bad.name === name)}`);
    await mkdir(join(own, "tmp"), { recursive: true });
    const env = { ...compiled(), FLIX_WORK_DIR: join(own, "work"), TMPDIR: join(own, "tmp") };
    const args = ["ingest", "--title-id", live, "--preset", "ultrafast", "--", name];
    const { exitCode, stdout, stderr } = await platform.run(args, { cwd: cwd(), env });
    its({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    its(stderr).toMatch(new RegExp(`(^|\\n)error: .* \\[${code}\\]\\nnext:  .+\\n$`));
    its(stderr).not.toMatch(acting);
    const left = (await readdir(own, { recursive: true })).filter((path) => !remembered.test(path));
    its(left).toEqual(["tmp"]);
    its(processesIn(own)).toEqual([]);
  });

  test("--json tells the same of a whole list, past which a good film is ingested", async () => {
    // A list is not begun while a file of it is missing.
    const listed = badMasters.filter(({ code }) => !/^(file_not_|not_a_file)/.test(code));
    const bad = listed.map(({ name }) => ({ file: name, title: name }));
    await writeFile(
      inFolder("bad/list.yaml"),
      JSON.stringify({ titles: [...bad, { file: film, title: "Good" }] }),
    );
    const args = ["ingest", "list.yaml", "--preset", "ultrafast"];
    const { exitCode, stdout } = await platform.run([...args, "--json"], { cwd: cwd() });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      ...listed.map(({ code }) => ({ state: "failed", failure: { code, fix: expect.any(String) } })),
      { state: "ingested" },
    ]);
  });

  test("flix preflight tells the same, without a platform", async () => {
    // Nothing is decoded, so that damaged pictures are not seen.
    const readable = badMasters.filter(({ code }) => code !== "corrupt");
    const names = readable.map(({ name }) => name);
    const options = { cwd: cwd(), env: { FLIX_SERVER: "http://127.0.0.1:9" } };
    const { exitCode, stdout } = await platform.run(["preflight", "--json", "--", ...names], options);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject(
      readable.map(({ code }) => ({ ok: false, problems: [{ code }] })),
    );
    const told = await platform.run(["preflight", "--", ...names], options);
    expect(told.stdout + told.stderr).not.toMatch(acting);
  });
});

describe("a name may be odd", () => {
  const names = [
    "-y.mp4",
    "line\nfeed.mp4",
    "été 映画.mp4",
    "50%d %05d.mp4",
    "http:x.mp4",
    "concat:a|b.mp4",
    "[red] \u001b[31m \u202e'\".mp4",
  ];

  test("every one of a folder becomes a title, and is shown so that it cannot act on a terminal", async () => {
    const folder = inFolder("odd");
    await mkdir(folder);
    for (const name of names) await copyFile(film, join(folder, name));
    const args = ["ingest", folder, "--preset", "ultrafast"];
    const told = await platform.run(args);
    expect(told.stderr).toContain(`${names.length} ingested`);
    const again = JSON.parse((await platform.run([...args, "--json"])).stdout);
    const shown = [told];
    for (const { file, state, title } of again) {
      expect([file, state]).toEqual([file, "unchanged"]);
      const report = await platform.json(["titles", "package", title.id]);
      expect(join(folder, textAt(report, "source", "filename"))).toBe(file);
      shown.push(await platform.run(["titles", "package", title.id, "--commands"]));
    }
    shown.push(await platform.run(["titles", "list"]), await platform.run(["jobs", "list"]));
    for (const { exitCode, stdout, stderr } of shown) {
      expect(exitCode).toBe(0);
      expect(stdout + stderr).not.toMatch(acting);
    }
  });

  test("or lead up and down, or look like an option", async () => {
    const args = ["--title", "Up and down", "--preset", "ultrafast", "--publish"];
    for (const path of ["../odd/../odd/-y.mp4", "-y.mp4"]) {
      const result = await platform.json(["ingest", path, ...args], { cwd: inFolder("odd") });
      expect(result).toMatchObject({ title: { title: "Up and down", state: "published" } });
    }
  });
});

test("a file that nobody may read is told as that", async () => {
  const secret = inFolder("secret.mp4");
  await copyFile(film, secret);
  await chmod(secret, 0);
  const command = [process.execPath, program, "preflight", secret, "--subtitle", `en=${secret}`];
  // Root may read everything, unless it gives that right away.
  const rights = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
  const [first = "", ...rest] = [...rights, ...command];
  const { exitCode, stdout } = await execa(first, rest, { reject: false, env: platform.env });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /\[subtitle_not_found\]\nnext:.*\nproblem: .*\[file_not_readable\]\nnext: .*permissions/,
  );
});

test("after all of it the title plays what it played", async () => {
  expect(await kept()).toEqual(playing);
});
