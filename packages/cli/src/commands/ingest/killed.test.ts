import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { linesOf } from "../../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

/** Fifty take a quarter of an hour: FLIX_ROUNDS=50. */
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 4);
/** All of them; most of the time goes into the first, and most can be lost there. */
const stages = [
  "transcode",
  "upload",
  "package",
  "transcode",
  "publish",
  "verify",
  "admit",
  "transcode",
  "measure",
  "plan",
  "probe",
];
/** Where the kills came, as the killed had said last. */
const hits = new Map<string, number>();

let platform: RunningPlatform;
let film: string;
let undisturbed: string;
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder, { seconds: 38, name: "long.mp4" });
  undisturbed = textAt(await reportOf(await platform.json(ingestOf("Undisturbed"))), "media_digest");
});
afterAll(async () => {
  const counts = [...hits].map(([stage, count]) => `${stage} ${count}`).join(", ");
  process.stderr.write(`killed in: ${counts}\n`);
  await platform.stop();
});

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
    const { finished, begun } = await killIn(stage, ingestOf(title), round);
    const done = await platform.json(ingestOf(title));
    expect(done).toMatchObject({ title: { state: "published", playable: true } });
    const report = await reportOf(done);
    expect(textAt(report, "media_digest")).toBe(undisturbed);
    const chunks = listAt(report, "chunks").map((chunk) => textAt(chunk, "key"));
    const isChunk = (key: string): boolean => chunks.includes(key);
    // Sound is kept there too. A package that was finished tells of the run that made it.
    const wasPackaged = Reflect.get(Object(done), "reused") === true;
    if (!wasPackaged) expect(reusedChunks(report)).toEqual(chunks.filter((key) => finished.includes(key)));
    // What an encoder was at is lost: at most one chunk for each.
    expect(begun.filter(isChunk).length).toBeLessThanOrEqual(availableParallelism());

    expect(await platform.json(["titles", "list", "-q", title])).toMatchObject([{ title }]);
    const id = textAt(done, "title", "id");
    const packages = await platform.json(["api", "listPackages", "-f", `title_id=${id}`]);
    expect(listAt(packages, "data")).toMatchObject([{ current: true, state: "ready" }]);
    // What is known of masters and of the machine.
    expect((await readdir(workFolder())).toSorted()).toEqual(["hashes", "speeds.json"]);
    expect(await programsAt(workFolder())).toEqual([]);
    process.stderr.write(`round ${round + 1} of ${rounds}, killed in ${stage}\n`);
  },
);

interface Left {
  /** Keys of chunks, and of sound. */
  finished: string[];
  begun: string[];
}

/** Kills the command with SIGKILL at some moment of a stage; answers what it leaves. */
async function killIn(stage: string, command: string[], round: number): Promise<Left> {
  const victim = platform.run([...command, "--json"]);
  onTestFinished(() => void victim.kill("SIGKILL"));
  const entered = Promise.withResolvers<void>();
  let last = "";
  const reading = (async () => {
    for await (const line of linesOf(victim.stderr)) {
      const said: unknown = Reflect.get(Object(JSON.parse(line)), "stage");
      if (typeof said === "string") last = said;
      if (said === stage) entered.resolve();
    }
    entered.reject(new Error(`the command ended without a stage ${stage}`));
  })();
  await entered.promise;
  // Another moment each round; all stages but the first take a few of these.
  await delay(stage === "transcode" ? (round * 337) % 1500 : (round * 13) % 30);
  victim.kill("SIGKILL");
  const { signal } = await victim;
  await reading;
  // One that had come to its end would prove nothing.
  expect(signal).toBe("SIGKILL");
  hits.set(last, (hits.get(last) ?? 0) + 1);
  const names = await readdir(join(workFolder(), "chunks")).catch(() => []);
  const keysOf = (pattern: RegExp) => names.flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return { finished: keysOf(/^([0-9a-f]{64})$/), begun: keysOf(/^([0-9a-f]{64})\..*partial$/) };
}

function workFolder(): string {
  return platform.env["FLIX_WORK_DIR"] ?? "";
}

/** What still works there. */
async function programsAt(folder: string): Promise<string[]> {
  const { stdout } = await execa("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.includes(folder));
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
