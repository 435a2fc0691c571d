import { createHash, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { s3, type S3Access } from "../../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { createHome, flix } from "../../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";
import { signIn } from "../../../testing/sign-in.ts";

const notReached = { code: "store_not_reached", message: expect.any(String) };
const viewer = { email: "ada@example.org", password: "correct horse battery" };

describeWith(s3, "a platform whose store is S3", (access) => {
  test("plays what was ingested, byte for byte, and keeps none of it on its own disk", async () => {
    const platform = await startPlatform(storeIn(access));
    onTestFinished(() => platform.stop());
    const film = await makeFilm(platform.folder, { seconds: 4 });
    const args = [
      "ingest",
      film,
      "--title",
      "Colours",
      "--rating",
      "G",
      "--preset",
      "ultrafast",
      "--publish",
    ];
    const ingested = await platform.json(args);
    expect(ingested).not.toMatchObject({ warnings: expect.arrayContaining([notReached]) });
    const asked = await operationsOf(platform);
    expect(asked).toContain("confirmUploadedParts");
    expect(asked).not.toContain("putUploadPart");
    const files = await filesOf(platform, textAt(ingested, "package_id"));
    const base = await play(platform, textAt(ingested, "title", "id"));

    const answers = await Promise.all(files.map(({ path }) => fetchBytes(base + path)));
    expect(answers.map((bytes) => createHash("sha256").update(bytes).digest("hex"))).toEqual(
      files.map(({ sha256 }) => sha256),
    );
    const [segment = "", bytes = Buffer.alloc(0)] = largestOf(
      files.map(({ path }, at) => [path, answers[at]]),
    );
    const part = await fetch(base + segment, { headers: { range: "bytes=100-199" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 100-199/${bytes.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);

    const text = async (path: string) => (await fetchBytes(base + path)).toString();
    expect(await text("master.m3u8")).toContain("#EXT-X-STREAM-INF");
    expect(await text("manifest.mpd")).toContain("<MPD");
    expect(await readdir(join(platform.folder, "data"))).not.toContain("objects");
  });

  test("takes the files itself where the bucket cannot be reached from outside, and says so", async () => {
    const outside = { public_endpoint: "http://127.0.0.1:1" };
    const platform = await startPlatform(storeIn(access, outside));
    onTestFinished(() => platform.stop());
    const film = await makeFilm(platform.folder, { seconds: 2 });
    const args = ["ingest", film, "--title", "Colours", "--rating", "G", "--preset", "ultrafast"];
    const message = expect.stringMatching(/127\.0\.0\.1:1\b.*FLIX_DIRECT_UPLOADS=off/);
    expect(await platform.json(args)).toMatchObject({
      warnings: expect.arrayContaining([{ ...notReached, message }]),
    });
    const asked = await operationsOf(platform);
    expect(asked).toContain("putUploadPart");
    expect(asked).not.toContain("confirmUploadedParts");
  });

  test("does not start on a bucket that is not there, and says what to do", async () => {
    const home = await createHome();
    onTestFinished(() => home.remove());
    const store = storeIn({ ...access, bucket: "nobodys-bucket" });
    const { exitCode, stderr } = await flix(
      ["up", "--port", "0", "--data", join(home.folder, "data"), "--json"],
      { env: { ...home.env, ...store } },
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      code: "objects_bucket_not_found",
      message: expect.stringMatching(/^FLIX_OBJECTS=s3:\/\/nobodys-bucket\/.*Create it/),
    });
  });
});

/** What the platform was asked for, by the names of the contract. */
async function operationsOf({ url }: RunningPlatform): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = metrics.matchAll(/^flix_http_request_duration_seconds_count\{operation="(\w+)"/gm);
  return [...counts].map(([, operation = ""]) => operation);
}

function storeIn(
  { endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Access,
  parameters: Record<string, string> = {},
): Record<string, string> {
  const query = new URLSearchParams({ endpoint, region, ...parameters }).toString();
  return {
    FLIX_OBJECTS: `s3://${bucket}/test-${randomUUID()}?${query}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

async function filesOf(platform: RunningPlatform, packageId: string) {
  const page = ["-f", `package_id=${packageId}`, "-f", "page_size=100"];
  const listed = await platform.json(["api", "listPackageUploads", ...page]);
  expect(listed).toMatchObject({ data: expect.any(Array) });
  const { data }: { data: unknown[] } = Object(listed);
  return data.map((file) => ({ path: textAt(file, "path"), sha256: textAt(file, "sha256") }));
}

/** Subscribes a viewer and begins a session; the address of its media. */
async function play(platform: RunningPlatform, titleId: string): Promise<string> {
  const person = ["--email", viewer.email, "--name", "Ada", "--country", "GB", "--password-stdin"];
  const account = textAt(
    await platform.json(["users", "create", ...person], { input: viewer.password }),
    "id",
  );
  const plan = textAt(await platform.json(["plans", "create", "--name", "All", "--price", "1USD"]), "id");
  const wanted = ["--account", account, "--plan", plan, "--payment-method", "pm_card_visa"];
  await platform.json(["subscriptions", "create", ...wanted]);
  const env = { FLIX_CONFIG_DIR: join(platform.folder, "viewer") };
  expect((await signIn(platform, viewer, env)).exitCode).toBe(0);
  const body = {
    profile_id: textAt(await platform.json(["profiles", "list", account]), 0, "id"),
    title_id: titleId,
    device: { id: "test", name: "Test", kind: "web" },
  };
  const input = JSON.stringify(body);
  const session = await platform.json(["api", "createPlaybackSession", "--body", "-"], { env, input });
  return new URL(textAt(session, "media_base_url"), platform.url).href;
}

async function fetchBytes(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  expect([url, answer.status]).toEqual([url, 200]);
  return Buffer.from(await answer.arrayBuffer());
}

function largestOf(files: [path: string, bytes: Buffer | undefined][]) {
  return files.toSorted(([, one], [, other]) => (other?.length ?? 0) - (one?.length ?? 0))[0] ?? [];
}
