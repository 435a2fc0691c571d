import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "../../testing/fields.ts";
import { linesOf } from "../../testing/flix.ts";
import { makeFilm } from "../../testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";

let platform: RunningPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const create = async (...args: string[]) => textAt(await platform.json(["titles", "create", ...args]), "id");

describe("flix titles", () => {
  test("create, get, update and delete, in the contract's resources", async () => {
    const facts = ["--title", "Sintel", "--year", "2010", "--genre", "Science Fiction", "--rating", "FSK:12"];
    const words = ["--language", "en", "--synopsis", "A girl and a dragon"];
    const id = await create(...facts, ...words, "--territory", "de", "--territory", "AT");
    expect(await platform.json(["titles", "get", id])).toMatchObject({
      kind: "film",
      state: "draft",
      genres: ["science-fiction"],
      maturity: { system: "FSK", country: "DE", value: "12", minimum_age: 12 },
      availability: [{ territories: ["DE", "AT"] }],
    });
    expect(await platform.json(["titles", "update", id, "--year", "2011", "--genre", "drama"])).toMatchObject(
      {
        release_year: 2011,
        genres: ["drama"],
        synopsis: "A girl and a dragon",
      },
    );
    expect(await platform.json(["titles", "delete", id, "--yes"])).toEqual({ id, deleted: true });
    expect((await platform.run(["titles", "get", id])).stderr).toContain("[title_not_found, req_");
  });

  test("--dry-run changes nothing, in any of them", async () => {
    await platform.json(["titles", "create", "--title", "Never made", "--dry-run"]);
    expect(await platform.json(["titles", "list", "-q", "Never made"])).toEqual([]);
    const id = await create("--title", "Kept");
    await platform.json(["titles", "update", id, "--title", "Renamed", "--dry-run"]);
    expect(await platform.json(["titles", "delete", id, "--dry-run"])).toEqual({ id, deleted: false });
    expect(await platform.json(["titles", "get", id])).toMatchObject({ title: "Kept" });
  });

  test("list walks the pages to --limit, or to the end, and finds in spite of a typo", async () => {
    for (let number = 1; number <= 4; number++)
      await create("--title", `Paged ${number}`, "--genre", "paged");
    const limited = await platform.run(["titles", "list", "--genre", "paged", "--limit", "3"]);
    expect(limited.stdout.match(/Paged \d/g)).toHaveLength(3);
    expect(limited.stderr).toContain("--all shows more");
    const all = await platform.run(["titles", "list", "--genre", "paged", "--all"]);
    expect(all.stdout.match(/Paged \d/g)).toHaveLength(4);
    expect(all.stderr).toBe("");
    await create("--title", "Elephants Dream");
    expect(await platform.json(["titles", "list", "-q", "elefants dreem"])).toMatchObject([
      { title: "Elephants Dream" },
    ]);
  });

  test("an episode stands in its series; half of its place is wrong usage", async () => {
    const series = await create("--title", "Caminandes", "--kind", "series");
    const episode = await create(
      "--title",
      "Llama Drama",
      "--series",
      series,
      "--season",
      "1",
      "--episode",
      "1",
    );
    expect(await platform.json(["titles", "get", episode])).toMatchObject({
      kind: "episode",
      episode: { series_id: series, season_number: 1, episode_number: 1 },
    });
    const half = await platform.run(["titles", "create", "--title", "X", "--series", series]);
    expect(half.exitCode).toBe(2);
    const refused = await platform.run(["titles", "delete", series, "--yes"]);
    expect(refused.stderr).toContain("next:  Delete its episodes first.");
  });

  test("what cannot be played cannot be published, and says what makes it playable", async () => {
    const id = await create("--title", "Unfilmed");
    const { exitCode, stderr } = await platform.run(["titles", "publish", id]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("[title_not_playable, req_");
    expect(stderr).toContain("flix ingest");
  });
});

describe("flix jobs, publish and unpublish", () => {
  test("an ingest leaves a job; its title is published and taken off again", async () => {
    const film = await makeFilm(platform.folder);
    const ingested = await platform.json(["ingest", film, "--title", "Colours"]);
    const [job, title] = [textAt(ingested, "job_id"), textAt(ingested, "title", "id")];
    expect(await platform.json(["jobs", "list", "--title", title])).toMatchObject([
      { id: job, state: "succeeded" },
    ]);
    expect(await platform.json(["jobs", "get", job])).toMatchObject({
      progress: 1,
      source_filename: "film.mp4",
    });
    expect(await platform.json(["jobs", "watch", job])).toMatchObject({ state: "succeeded" });
    expect((await platform.run(["jobs", "cancel", job])).stderr).toContain("[ingest_job_ended, req_");
    const { stdout: described } = await platform.run(["titles", "package", title, "--commands", "--files"]);
    expect(described).toMatch(/^Master\n {2}File +film\.mp4$/m);
    expect(described).toMatch(/^ {2}video-180p +320x180 +avc1\.\w+ +21 +\d+ kb\/s /m);
    expect(described).toMatch(/^ {2}transcode +[\d.]+s +[\d.]+s$/m);
    expect(described).toMatch(/^ {2}ffmpeg .* -i 'file:film\.mp4'|-i file:film\.mp4 /m);
    expect(described).toMatch(/^ {2}master\.m3u8 +.*[0-9a-f]{64}$/m);
    expect(await platform.json(["titles", "package", title])).toMatchObject({
      source: { filename: "film.mp4" },
      renditions: expect.arrayContaining([expect.objectContaining({ id: "video-180p" })]),
    });
    expect(await platform.json(["titles", "publish", title])).toMatchObject({ state: "published" });
    expect((await platform.run(["titles", "delete", title, "--yes"])).stderr).toContain("Unpublish it first");
    expect(await platform.json(["titles", "unpublish", title])).toMatchObject({ state: "unpublished" });
  });

  test("watching tells who works and what is waited for; a job that somebody cancels ends it with 1", async () => {
    const title = await create("--title", "Cancelled");
    expect((await platform.run(["titles", "package", title])).stderr).toContain("[title_not_playable]");
    const opened = await platform.json([
      "api",
      "createIngestJob",
      "-f",
      `title_id=${title}`,
      "-f",
      "worker=elsewhere",
      "-f",
      "source_filename=big.mov",
    ]);
    const job = textAt(opened, "id");
    const report = ["api", "reportIngestJob", "-f", `job_id=${job}`];
    await platform.json([...report, "-f", "state=running", "-f", "stage=transcode", "-F", "progress=0.4"]);
    const watching = platform.run(["jobs", "watch", job]);
    for await (const line of linesOf(watching.stderr)) {
      expect(line).toBe("transcode  40%");
      break;
    }
    const workers = '[{"machine":"encode-02","slot":1,"task":"h264","chunk":7,"progress":0.5}]';
    await platform.json([...report, "-f", "state=running", "-F", `workers=${workers}`]);
    const all = platform.run(["jobs", "watch"]);
    for await (const line of linesOf(all.stdout)) {
      expect(line).toBe("big.mov  transcode  40%  1 on encode-02");
      break;
    }
    await platform.json([...report, "-f", "state=running", "-F", 'waiting_for={"reason":"worker"}']);
    for await (const line of linesOf(all.stdout)) {
      expect(line).toContain("waits: no worker is connected to the queue");
      break;
    }
    expect((await platform.run(["jobs", "get", job])).stdout).toMatch(/^Waits +no worker is connected/m);
    expect(await platform.json(["jobs", "cancel", job])).toMatchObject({ id: job, cancel_requested: true });
    await platform.json([...report, "-f", "state=canceled"]);
    for await (const line of linesOf(all.stdout)) {
      expect(line).toBe("big.mov  canceled");
      break;
    }
    all.kill("SIGINT");
    expect((await all).exitCode).toBe(130);
    const { exitCode, stderr } = await watching;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("[ingest_canceled]");
  });
});
