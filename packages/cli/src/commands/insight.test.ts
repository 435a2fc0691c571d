import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "../../testing/fields.ts";
import { makeFilm } from "../../testing/film.ts";
import { flix, linesOf } from "../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";
import { signIn } from "../../testing/sign-in.ts";

const viewer = { email: "ada@example.org", password: "correct horse battery" };

let platform: RunningPlatform;
let asViewer: { FLIX_CONFIG_DIR: string };
let account: string;
let profile: string;
let title: string;
beforeAll(async () => {
  platform = await startPlatform();
  asViewer = { FLIX_CONFIG_DIR: join(platform.folder, "viewer") };
  const film = await makeFilm(platform.folder);
  title = textAt(
    await platform.json(["ingest", film, "--title", "Colours", "--rating", "G", "--publish"]),
    "title",
    "id",
  );
  const users = [
    "users",
    "create",
    "--email",
    viewer.email,
    "--name",
    "Ada",
    "--country",
    "GB",
    "--password-stdin",
  ];
  account = textAt(await platform.json(users, { input: viewer.password }), "id");
  profile = textAt(await platform.json(["profiles", "list", account]), 0, "id");
  const plan = textAt(await platform.json(["plans", "create", "--name", "All", "--price", "1USD"]), "id");
  const wanted = ["--account", account, "--plan", plan, "--payment-method", "pm_card_visa"];
  await platform.json(["subscriptions", "create", ...wanted]);
  expect((await signIn(platform, viewer, asViewer)).exitCode).toBe(0);
});
afterAll(() => platform.stop());

describe("flix analytics", () => {
  test("tail shows what a player reports, filtered; the report counts it", async () => {
    const session = await watch();
    const tail = platform.run(["analytics", "tail", "--type", "start", "--limit", "1", "--json"]);
    const text = platform.run(["analytics", "tail", "--title", title, "--limit", "2"]);
    const ended = new AbortController();
    const both = Promise.all([tail, text]).finally(() => ended.abort());
    // Nothing announces that a tail is connected: the player goes on reporting until both have seen enough.
    for (let seq = 0; !ended.signal.aborted && seq < 200; seq += 2) await report(session, seq);
    const [events, lines] = await both;
    expect(events).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(events.stdout)).toMatchObject({
      type: "start",
      session_id: session,
      title_id: title,
      device: "web",
    });
    expect(lines.stdout.trim().split("\n")).toHaveLength(2);
    expect(lines.stdout).toContain(title);
    const found = await platform.json(["analytics", "report", "--by", "title"]);
    expect(found).toMatchObject({
      total: { attempts: 1, starts: 1 },
      rows: [{ key: title, label: "Colours" }],
    });
    const { stdout } = await platform.run(["analytics", "report", "--by", "device"]);
    expect(stdout).toMatch(/^web +1 +1 /m);
  });

  test("Ctrl-C ends a tail with 130", async () => {
    const tail = platform.run(["analytics", "tail"]);
    for await (const line of linesOf(tail.stderr)) if (line.includes("Waiting")) break;
    tail.kill("SIGINT");
    expect((await tail).exitCode).toBe(130);
  });

  async function watch(): Promise<string> {
    const device = JSON.stringify({
      profile_id: profile,
      title_id: title,
      device: { id: "test", kind: "web" },
    });
    return textAt(
      await platform.json(["api", "createPlaybackSession", "--body", "-"], { env: asViewer, input: device }),
      "id",
    );
  }

  /** Analytics learns of a session by an event of playback, so its first report may come too early. */
  async function report(session: string, seq: number): Promise<void> {
    const start = { ...eventOf(session, seq + 1, "start"), video_start_time_ms: 300 };
    const input = JSON.stringify({ events: [eventOf(session, seq, "attempt"), start] });
    const record = () => platform.run(["api", "recordPlayerEvents", "--body", "-"], { env: asViewer, input });
    await expect.poll(async () => (await record()).stderr, { timeout: 20_000 }).toBe("");
  }
});

function eventOf(session: string, seq: number, type: string) {
  return { event_id: uuidv7(), session_id: session, seq, client_ts: new Date().toISOString(), type };
}

function uuidv7(): string {
  const hex =
    Date.now().toString(16).padStart(12, "0") +
    "7" +
    randomBytes(9).toString("hex").slice(0, 3) +
    "8" +
    randomBytes(8).toString("hex").slice(0, 15);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

describe("flix recommendations", () => {
  test("home shows the rows of a profile, similar the titles like one", async () => {
    const home = await platform.json(["recommendations", "home", profile]);
    expect(textAt(home, "profile_id")).toBe(profile);
    expect((await platform.run(["recommendations", "home", profile])).stdout).toContain("Colours");
    expect(await platform.json(["recommendations", "similar", title])).toEqual([]);
  });
});

describe("flix health and doctor", () => {
  test("health lists the parts", async () => {
    expect((await platform.run(["health"])).stdout).toMatch(/^postgres +ok /m);
    expect(await platform.json(["health"])).toMatchObject({ status: "ok" });
  });

  test("doctor finds all that is needed, and that the platform is ready", async () => {
    const checks = await platform.json(["doctor"]);
    const names = [
      "Node",
      "ffmpeg",
      "ffprobe",
      "shaka-packager",
      "PostgreSQL",
      "Disk",
      "Platform",
      "Sign-in",
    ];
    expect(checks).toEqual(names.map((name) => expect.objectContaining({ name })));
    expect(checks).not.toContainEqual(expect.objectContaining({ status: "failed" }));
  });

  test("doctor names what is missing with the command that gets it, and exits with 1", async () => {
    const env = { ...platform.env, FLIX_FFMPEG: "/nowhere/ffmpeg", FLIX_SERVER: "http://127.0.0.1:1" };
    const { exitCode, stdout } = await flix(["doctor"], { env });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/FAILED +ffmpeg .*\n +run: unset FLIX_FFMPEG/);
    expect(stdout).toMatch(/FAILED +Platform .*\n +run: flix /);
  });
});

describe("flix api", () => {
  test("fills path, query and body, as text, JSON and nested", async () => {
    const fields = [
      "-f",
      "kind=film",
      "-f",
      "title=2001",
      "-F",
      "release_year=1968",
      "-f",
      "genres[]=science-fiction",
    ];
    const rating = [
      "-f",
      "maturity[system]=MPA",
      "-f",
      "maturity[country]=US",
      "-f",
      "maturity[value]=G",
      "-F",
      "maturity[minimum_age]=0",
    ];
    const made = await platform.json(["api", "createTitle", ...fields, ...rating]);
    expect(made).toMatchObject({ title: "2001", release_year: 1968, maturity: { minimum_age: 0 } });
    expect(await platform.json(["api", "listTitles", "-f", "q=2001"])).toMatchObject({
      data: [{ title: "2001" }],
    });
    const id = textAt(made, "id");
    const stale = await platform.run([
      "api",
      "updateTitle",
      "-f",
      `title_id=${id}`,
      "--etag",
      '"0"',
      "-f",
      "title=X",
    ]);
    expect(stale.stderr).toContain("[etag_stale, req_");
    const gone = await platform.run(["api", "deleteTitle", "-f", `title_id=${id}`]);
    expect(gone).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("prints text as it comes", async () => {
    expect((await platform.run(["api", "getMetrics"])).stdout).toMatch(/^# HELP /);
  });
});
