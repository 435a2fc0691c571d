import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { linesOf } from "../../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

/** Fifty take a quarter of an hour: FLIX_ROUNDS=50. */
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 4);
/** Most of the time goes into the first, and most can be lost there. */
const stages = [
  "transcode",
  "upload",
  "package",
  "transcode",
  "publish",
  "verify",
  "admit",
  "transcode",
  "plan",
  "probe",
];

let platform: RunningPlatform;
let film: string;
let undisturbed: string;
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder, { seconds: 26, name: "long.mp4" });
  undisturbed = textAt(await reportOf(await platform.json(ingestOf("Undisturbed"))), "media_digest");
});
afterAll(() => platform.stop());

const ingestOf = (title: string) => ["ingest", film, "--title", title, "--preset", "ultrafast", "--publish"];

test.each(
  Array.from(
    { length: rounds },
    (_, round) => [round, stages[round % stages.length] ?? "transcode"] as const,
  ),
)(
  "round %i: killed in %s, the same command again ends with what would have been, published once",
  async (round, stage) => {
    const title = `Round ${round}`;
    const finished = await killIn(stage, ingestOf(title), round);
    const done = await platform.json(ingestOf(title));
    expect(done).toMatchObject({ title: { state: "published", playable: true } });
    const report = await reportOf(done);
    expect(textAt(report, "media_digest")).toBe(undisturbed);
    const chunks = listAt(report, "chunks").map((chunk) => textAt(chunk, "key"));
    // Sound is kept there too.
    const kept = finished.filter((key) => chunks.includes(key));
    expect(reusedChunks(report)).toEqual(expect.arrayContaining(kept));

    expect(await platform.json(["titles", "list", "-q", title])).toMatchObject([{ title }]);
    const id = textAt(done, "title", "id");
    const packages = await platform.json(["api", "listPackages", "-f", `title_id=${id}`]);
    const current = listAt(packages, "data").filter((one) => Reflect.get(Object(one), "current") === true);
    expect(current).toHaveLength(1);
    expect(await readdir(platform.env["FLIX_WORK_DIR"] ?? "")).not.toContain("chunks");
  },
);

/** Kills the command with SIGKILL at some moment of a stage; answers the chunks that were finished then. */
async function killIn(stage: string, command: string[], round: number): Promise<string[]> {
  const victim = platform.run([...command, "--json"]);
  onTestFinished(() => void victim.kill("SIGKILL"));
  for await (const line of linesOf(victim.stderr)) {
    const event: unknown = JSON.parse(line);
    if (Reflect.get(Object(event), "stage") === stage) break;
  }
  // Another moment each round; all stages but the first take a few of these.
  await delay(stage === "transcode" ? (round * 337) % 1500 : (round * 13) % 60);
  victim.kill("SIGKILL");
  await victim;
  const chunks = join(platform.env["FLIX_WORK_DIR"] ?? "", "chunks");
  return (await readdir(chunks).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

function reportOf(done: unknown): Promise<unknown> {
  return platform.json(["api", "getPackageReport", "-f", `package_id=${textAt(done, "package_id")}`]);
}

function reusedChunks(report: unknown): string[] {
  const reused = listAt(report, "chunks").filter((chunk) => Reflect.get(Object(chunk), "reused") === true);
  return reused.map((chunk) => textAt(chunk, "key"));
}

function listAt(value: unknown, name: string): unknown[] {
  const list: unknown = Reflect.get(Object(value), name);
  return Array.isArray(list) ? list : [];
}
