import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { findAccess } from "../../../../tools/engines/find-access.ts";
import { rabbitmq } from "../../../../tools/engines/rabbitmq.ts";
import { s3 } from "../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { makeClip, programs, simpleClip, temporaryFolder, testInputs } from "../../testing/clips.ts";
import type { EncodedPackage } from "../build.ts";
import { encode } from "../pipeline.ts";
import type { EncodeOptions } from "../prepare.ts";
import type { Progress } from "../progress.ts";
import { sourceAccess } from "../source/remote/source-access.ts";

/** `flix worker` without its terminal: says `started <chunk>` and `finished <chunk>`. */
function startWorker(url: string, folder: string, name: string) {
  const script = join(import.meta.dirname, "../../testing/worker-process.ts");
  const args = ["--conditions=@flix/source", "--no-warnings", script, url, join(folder, name), name];
  // No key of any store; this machine's own network, which masters are not read from otherwise.
  const env = { PATH: process.env["PATH"], FLIX_SOURCE_NETWORKS: "127.0.0.0/8" };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = new Set<string>();
  const lines = createInterface(child.stdout).on("line", (line) => said.add(line));
  return {
    child,
    async hears(pattern: RegExp): Promise<void> {
      while (![...said].some((line) => pattern.test(line))) await once(lines, "line");
    },
  };
}

async function film(folder: string): Promise<string> {
  return simpleClip(join(folder, "film.mp4"), { size: "192x108", seconds: 37 });
}

describeWith(rabbitmq, "workers on RabbitMQ", ({ url }) => {
  async function encodeWith(
    input: string,
    folder: string,
    options: Partial<EncodeOptions> = {},
  ): Promise<EncodedPackage> {
    const fanOut = { url, store: join(folder, "store"), access: sourceAccess({}) };
    const workDir = join(folder, "work");
    return encode({ input, workDir, preset: "ultrafast", programs: await programs(), fanOut, ...options });
  }

  test("share a film, and its bytes are those of one machine", async () => {
    const folder = await temporaryFolder();
    const input = await film(folder);
    const [one, two] = [startWorker(url, folder, "one"), startWorker(url, folder, "two")];
    await Promise.all([one.hears(/connected/), two.hears(/connected/)]);
    const seen: Progress[] = [];
    const shared = await encodeWith(input, folder, { onProgress: (progress) => seen.push(progress) });
    expect(new Set(shared.report.chunks.map(({ worker }) => worker))).toEqual(new Set(["one", "two"]));
    const machines = seen.flatMap(({ workers }) => workers.map(({ machine }) => machine));
    expect(new Set(machines)).toEqual(new Set(["one", "two"]));
    const alone = await encodeWith(input, folder, { workDir: join(folder, "alone"), fanOut: undefined });
    expect(shared.report.mediaDigest).toBe(alone.report.mediaDigest);
    expect(await readdir(join(folder, "store", "chunks"))).toEqual([]);
  });

  test("may be killed: another one takes over", async () => {
    const folder = await temporaryFolder();
    const input = await film(folder);
    const victim = startWorker(url, folder, "victim");
    const encoded = encodeWith(input, folder, { preset: "slower" });
    await victim.hears(/^started/);
    victim.child.kill("SIGKILL");
    startWorker(url, folder, "heir");
    const { report } = await encoded;
    expect(report.chunks.map(({ worker }) => worker)).toContain("heir");
  });

  test("that disappear with a chunk, three in a row, make it the chunk's fault", async () => {
    const folder = await temporaryFolder();
    const encoded = encodeWith(await film(folder), folder, { preset: "slower" });
    const failed = expect(encoded).rejects.toMatchObject({ code: "worker_lost" });
    for (const name of ["first", "second", "third"]) {
      const victim = startWorker(url, folder, name);
      await victim.hears(/^started/);
      victim.child.kill("SIGKILL");
    }
    startWorker(url, folder, "witness");
    await failed;
  });

  test("that are told to end give back what they have, as often as it takes", async () => {
    const folder = await temporaryFolder();
    const encoded = encodeWith(await film(folder), folder, { preset: "slower" });
    for (const name of ["first", "second", "third", "fourth"]) {
      const leaving = startWorker(url, folder, name);
      await leaving.hears(/^started/);
      leaving.child.kill("SIGTERM");
      await leaving.hears(/^given_back/);
    }
    startWorker(url, folder, "heir");
    const { report } = await encoded;
    expect(report.chunks.map(({ worker }) => worker)).toContain("heir");
  });

  test("that are not there are waited for, and a cancelled run leaves them nothing", async () => {
    const folder = await temporaryFolder();
    const input = await film(folder);
    const controller = new AbortController();
    const waits: unknown[] = [];
    const run = encodeWith(input, folder, {
      signal: controller.signal,
      onProgress({ waitingFor }) {
        if (waitingFor) controller.abort();
        if (waitingFor) waits.push(waitingFor);
      },
    });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(waits[0]).toEqual({ reason: "worker" });
    const late = startWorker(url, folder, "late");
    await late.hears(/^not_wanted/);
  });

  test("stop at what is the film's fault, with its code; where it is tolerated they conceal it as one machine does", async () => {
    const folder = await temporaryFolder();
    startWorker(url, folder, "one");
    const input = await makeClip(
      join(folder, "silent.mp4"),
      testInputs({ size: "192x108", seconds: 37 }, []),
      "-c:v libx264 -preset ultrafast",
    );
    const bytes = await readFile(input);
    for (let at = Math.round(bytes.length * 0.6); at < bytes.length * 0.7; at += 3)
      bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
    await writeFile(input, bytes);
    await expect(encodeWith(input, folder)).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining("on one"),
    });
    const shared = await encodeWith(input, folder, { tolerateErrors: true });
    const alone = { workDir: join(folder, "alone"), fanOut: undefined, tolerateErrors: true };
    const { report } = await encodeWith(input, folder, alone);
    expect(shared.report.mediaDigest).toBe(report.mediaDigest);
    expect(shared.report.damage).toEqual(report.damage);
    expect(report.damage?.damagedFrames).toBeGreaterThan(0);
  });
});

const brokers = findAccess(rabbitmq);
describeWith(s3, "workers on RabbitMQ and S3", ({ endpoint, bucket, ...keys }) => {
  test("read what they need of a master by signed ranges, and leave chunks, without a key of their own", async () => {
    const folder = await temporaryFolder();
    const input = await film(folder);
    const access = sourceAccess({
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_REGION: keys.region,
      FLIX_SOURCE_NETWORKS: "127.0.0.0/8",
    });
    const url = brokers?.url ?? "";
    startWorker(url, folder, "keyless");
    const store = `s3://${bucket}/workers-${randomUUID()}?endpoint=${endpoint}`;
    const options = { input, preset: "ultrafast", programs: await programs() } as const;
    const shared = await encode({
      ...options,
      workDir: join(folder, "work"),
      fanOut: { url, store, access },
    });
    expect(new Set(shared.report.chunks.map(({ worker }) => worker))).toEqual(new Set(["keyless"]));
    const alone = await encode({ ...options, workDir: join(folder, "alone") });
    expect(shared.report.mediaDigest).toBe(alone.report.mediaDigest);
  });
});

test("a broker that is not there is told from one that refuses, before anything is encoded", async () => {
  const folder = await temporaryFolder();
  const input = await simpleClip(join(folder, "film.mp4"));
  const run = (url: string) =>
    encode({
      input,
      workDir: join(folder, "work"),
      fanOut: { url, store: folder, access: sourceAccess({}) },
    });
  await expect(run("http://localhost")).rejects.toMatchObject({ code: "broker_not_valid" });
  await expect(run("amqp://localhost:1")).rejects.toMatchObject({ code: "broker_unreachable" });
});
