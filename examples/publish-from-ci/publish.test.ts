import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Title } from "../../packages/cli/src/resources.ts";
import { program } from "../../packages/cli/testing/flix.ts";
import { createMachineClient, type MachineClient } from "../../packages/cli/testing/machine-client.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import { simpleClip } from "../../packages/encoder/testing/clips.ts";
import { readWorkflow, runStep, type StepRun } from "./testing/workflow.ts";

const { permissions, jobs } = await readWorkflow(join(import.meta.dirname, "publish.yml"));
const { steps } = jobs.publish;
/** A name that the shell and the program could take for options. */
const master = "-y.mp4";

let platform: RunningPlatform;
let client: MachineClient;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-publish-"));
  platform = await startPlatform();
  client = await createMachineClient(platform, ["catalog:write", "media:write"]);
  await simpleClip(join(folder, "clip.mp4"));
  // What `npm install --global @flix/cli` puts on the PATH.
  await mkdir(join(folder, "bin"));
  await symlink(program, join(folder, "bin/flix"));
});

afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("The step publishes the film; run again from another checkout it finds the title that is there", async () => {
  const first = await publish(await checkOut("first"));
  expect(first.stderr).not.toContain('"code"');
  expect(first.code).toBe(0);
  const id = first.outputs["title_id"];
  const title = { id, title: 'The "$(Film)"', release_year: 2026, state: "published", playable: true };
  expect(await listTitles()).toMatchObject([title]);
  expect(first.summary).toBe(`Published: ${platform.url}/titles/${id}\n`);

  const second = await publish(await checkOut("second"));
  expect(second).toMatchObject({ code: 0, outputs: first.outputs });
  expect(await listTitles()).toMatchObject([title]);
});

test("A wrong secret ends with exit code 4 and asks nothing; nothing is made", async () => {
  const before = await listTitles();
  const secrets = { ...client, FLIX_CLIENT_SECRET: "wrong" };
  const { code, stderr } = await publish(await checkOut("wrong"), { secrets, title: "Another film" });
  expect(lastLine(stderr)).toMatchObject({ code: "invalid_client" });
  expect(code).toBe(4);
  expect(await listTitles()).toEqual(before);
});

test("A secret that is not set, which a runner makes an empty one, is named", async () => {
  const secrets = { ...client, FLIX_CLIENT_SECRET: "" };
  const { code, stderr } = await publish(await checkOut("unset"), { secrets });
  expect(stderr).toContain("error: FLIX_CLIENT_SECRET is not set");
  expect(code).toBe(2);
});

test("A master that is no film fails with a code, before anything is made", async () => {
  const before = await listTitles();
  const checkout = await checkOut("text");
  await writeFile(join(checkout, master), "This is a text.");
  const { code, stderr } = await publish(checkout, { title: "Another film" });
  expect(lastLine(stderr)).toMatchObject({ code: "not_media" });
  expect(code).toBe(1);
  expect(await listTitles()).toEqual(before);
});

test("The workflow installs this version of the CLI, pins its actions and may only read the repository", async () => {
  const manifest = join(dirname(program), "../package.json");
  const { name, version }: { name: string; version: string } = JSON.parse(await readFile(manifest, "utf8"));
  expect(steps.map(({ run }) => run)).toContain(`npm install --global ${name}@${version}`);
  expect(permissions).toEqual({ contents: "read" });
  const actions = steps.map(({ uses }) => uses).filter((uses) => uses !== undefined);
  expect(actions.filter((uses) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
});

/** As actions/checkout leaves it: the same bytes in another place, at another time. */
async function checkOut(name: string): Promise<string> {
  const checkout = join(folder, name);
  await mkdir(checkout);
  await copyFile(join(folder, "clip.mp4"), join(checkout, master));
  await copyFile(join(import.meta.dirname, "publish.sh"), join(checkout, "publish.sh"));
  return checkout;
}

interface Choice {
  secrets?: MachineClient;
  title?: string;
}

async function publish(
  checkout: string,
  { secrets = client, title = 'The "$(Film)"' }: Choice = {},
): Promise<StepRun> {
  const step = steps.find(({ id }) => id === "publish");
  const values = {
    "vars.FLIX_SERVER": secrets.FLIX_SERVER,
    "secrets.FLIX_CLIENT_ID": secrets.FLIX_CLIENT_ID,
    "secrets.FLIX_CLIENT_SECRET": secrets.FLIX_CLIENT_SECRET,
    "inputs.master": master,
    "inputs.title": title,
    "inputs.year": "2026",
    "inputs.rating": "",
  };
  const path = `${join(folder, "bin")}:${dirname(process.execPath)}:${process.env["PATH"]}`;
  return runStep(step ?? {}, { folder: checkout, values, path });
}

async function listTitles(): Promise<Title[]> {
  return (await platform.json(["titles", "list"])) as Title[];
}

/** With --json the CLI writes one JSON object a line; an error is the last one. */
function lastLine(stderr: string): unknown {
  return JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
}
