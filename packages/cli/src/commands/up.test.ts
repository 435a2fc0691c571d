import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHome, flix, linesOf, type Home } from "../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";

let home: Home;
let platform: RunningPlatform;
beforeAll(async () => {
  home = await createHome();
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.stop();
  await home.remove();
});

test("writes the local context with an admin's rights, for its owner alone, and makes it the current one", async () => {
  const path = join(platform.env["FLIX_CONFIG_DIR"] ?? "", "config.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
    current: "local",
    contexts: { local: { server: platform.url, credentials: { kind: "client" } } },
  });
  const who = await platform.json(["whoami"]);
  expect(who).toMatchObject({
    kind: "client",
    scopes: expect.arrayContaining(["operators:write", "billing:write"]),
  });
});

test("a port that is taken is told with the option that changes it", async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => {
      const address = taken.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  const args = ["up", "--port", String(port), "--data", join(home.folder, "taken")];
  const { exitCode, stdout, stderr } = await flix(args, { env: home.env });
  taken.close();
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use.`);
  expect(stderr).toContain("--port");
});

test("a data folder that another platform uses is told, and that platform goes on", async () => {
  const args = ["up", "--port", "0", "--data", join(platform.folder, "data"), "--json"];
  const { exitCode, stderr } = await flix(args, { env: home.env });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ code: "postgres_folder_locked" });
  expect(await platform.json(["health"])).toMatchObject({ status: "ok" });
});

test("a variable that is not valid is named", async () => {
  const { exitCode, stderr } = await flix(["up"], { env: { ...home.env, DATABASE_URL: "mysql://x" } });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("DATABASE_URL");
});

test("says where it is, and Ctrl-C stops it with 0; its data is there the next time", async () => {
  const args = ["up", "--port", "0", "--data", join(home.folder, "data")];
  const first = flix(args, { env: home.env });
  for await (const line of linesOf(first.stdout)) if (line.includes("Ctrl-C stops")) break;
  const created = await flix(["plans", "create", "--name", "Kept", "--price", "5USD"], { env: home.env });
  expect(created.exitCode).toBe(0);
  first.kill("SIGINT");
  const { exitCode, stdout } = await first;
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Watch +http:\/\/localhost:\d+\//);

  const second = flix(args, { env: home.env });
  for await (const line of linesOf(second.stdout)) if (line.includes("Ctrl-C stops")) break;
  const { stdout: plans } = await flix(["plans", "list", "--json"], { env: home.env });
  expect(JSON.parse(plans)).toMatchObject([{ name: "Kept" }]);
  second.kill("SIGTERM");
  expect((await second).exitCode).toBe(0);
});
