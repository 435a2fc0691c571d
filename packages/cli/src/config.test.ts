import { readFile, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answerJson,
  answerProblem,
  startAnsweringServer,
  type AnsweringServer,
} from "../testing/answering-server.ts";
import { createHome, flix, type Home } from "../testing/flix.ts";
import { openConfig, type Config } from "./config.ts";

let home: Home;
beforeEach(async () => {
  home = await createHome();
});
afterEach(() => home.remove());

async function save(config: Config): Promise<void> {
  await writeFile(home.configPath, JSON.stringify(config));
}

async function saved(): Promise<Config> {
  return JSON.parse(await readFile(home.configPath, "utf8"));
}

const run = (...args: string[]) => flix(args, { env: home.env });

describe("contexts", () => {
  test("are added, listed and chosen, in a file that only its owner reads", async () => {
    await run("context", "add", "staging", "https://staging.example/");
    await run("context", "add", "production", "https://flix.example", "--use");
    expect((await stat(home.configPath)).mode & 0o777).toBe(0o600);
    expect(await saved()).toEqual({
      current: "production",
      contexts: {
        staging: { server: "https://staging.example" },
        production: { server: "https://flix.example" },
      },
    });
    expect((await run("context", "use", "staging")).exitCode).toBe(0);
    const { stdout } = await run("context", "list", "--json");
    expect(JSON.parse(stdout)).toEqual([
      { name: "staging", server: "https://staging.example", current: true, signed_in_as: "nobody" },
      { name: "production", server: "https://flix.example", current: false, signed_in_as: "nobody" },
    ]);
  });

  test("an unknown one is told with the one that was meant", async () => {
    await run("context", "add", "staging", "https://staging.example");
    const { exitCode, stderr } = await run("context", "use", "stagign");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean staging?");
  });

  test("the secret of a machine client comes from standard input and is never shown", async () => {
    const args = ["context", "add", "ci", "https://flix.example", "--client-id", "cli_1", "--secret-stdin"];
    const added = await flix(args, { env: home.env, input: "s3cret\n" });
    const listed = await run("context", "list", "--json");
    expect((await saved()).contexts["ci"]?.credentials).toEqual({
      kind: "client",
      clientId: "cli_1",
      clientSecret: "s3cret",
    });
    expect(`${added.stdout}${added.stderr}${listed.stdout}`).not.toContain("s3cret");
  });

  test.for([
    "{",
    "[]",
    '{"contexts":{"a":{}}}',
    '{"contexts":{"a":{"server":"x","credentials":{"kind":"person"}}}}',
  ])("a file that is not ours is left as it is: %s", async (content) => {
    await writeFile(home.configPath, content);
    const { exitCode, stderr } = await run("context", "add", "x", "https://flix.example");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("[config_not_valid]");
    expect(await readFile(home.configPath, "utf8")).toBe(content);
  });

  test("a folder that cannot be made is told with the variable that changes it", async () => {
    await writeFile(home.configPath, "");
    const env = { FLIX_CONFIG_DIR: `${home.configPath}/below` };
    const { exitCode, stderr } = await flix(["context", "add", "x", "https://flix.example"], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("FLIX_CONFIG_DIR");
  });

  test("writers that come at once lose nothing of each other", async () => {
    const stores = Array.from({ length: 8 }, () => openConfig(home.env));
    await Promise.all(
      stores.map((store, index) =>
        store.change(({ contexts }) => ({
          contexts: { ...contexts, [`c${index}`]: { server: "http://x" } },
        })),
      ),
    );
    expect(Object.keys((await saved()).contexts)).toHaveLength(8);
  });

  test("the lock of a process that died is taken over", async () => {
    const ended = flix(["--version"]);
    await ended;
    await writeFile(`${home.configPath}.lock`, String(ended.pid));
    expect((await run("context", "add", "x", "https://flix.example")).exitCode).toBe(0);
  });
});

describe("credentials", () => {
  let server: AnsweringServer;
  let refreshes: string[];
  let grants: string[];
  beforeEach(async () => {
    refreshes = [];
    grants = [];
    let valid = "refresh-0";
    server = await startAnsweringServer(async (request, response) => {
      if (request.url?.startsWith("/oauth/token")) {
        const form = new URLSearchParams((await request.toArray()).join(""));
        grants.push(form.get("grant_type") ?? "");
        const given = form.get("refresh_token");
        if (given) refreshes.push(given);
        // As the platform does: a refresh token works once.
        if (given && given !== valid) return answerJson(response, { error: "invalid_grant" }, 400);
        valid = `refresh-${refreshes.length}`;
        return answerJson(response, {
          access_token: tokenOf("fresh"),
          refresh_token: valid,
          expires_in: 600,
        });
      }
      if (request.headers.authorization !== `Bearer ${tokenOf("fresh")}`)
        return answerProblem(response, 401, "invalid_token");
      answerJson(response, {
        kind: "operator",
        id: "opr_1",
        name: "Grace",
        scopes: [],
        expires_at: "2026-11-22T09:40:00.000Z",
      });
    });
  });
  afterEach(() => server.stop());

  const person = (refreshToken: string) => ({
    kind: "person" as const,
    clientId: "flix-cli",
    tokens: { accessToken: "old", refreshToken, expiresAt: 0, scopes: [] },
  });

  test("processes that come at once refresh a sign-in once, and all get on with the result", async () => {
    await save({
      current: "home",
      contexts: { home: { server: server.url, credentials: person("refresh-0") } },
    });
    const runs = await Promise.all(Array.from({ length: 4 }, () => run("whoami", "--json")));
    expect(runs.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      Array.from({ length: 4 }, () => ({ exitCode: 0, stderr: "" })),
    );
    expect(refreshes).toEqual(["refresh-0"]);
    const { credentials } = (await saved()).contexts["home"] ?? {};
    expect(credentials?.tokens).toMatchObject({ accessToken: tokenOf("fresh"), refreshToken: "refresh-1" });
  });

  test("a sign-in that was revoked exits with 4", async () => {
    await save({
      current: "home",
      contexts: { home: { server: server.url, credentials: person("replayed") } },
    });
    const { exitCode, stderr } = await run("whoami");
    expect(exitCode).toBe(4);
    expect(stderr).toContain("sign in again with `flix login`");
  });

  test("a machine client's token is kept for the commands that follow", async () => {
    const credentials = { kind: "client" as const, clientId: "cli_1", clientSecret: "s3cret" };
    await save({ current: "ci", contexts: { ci: { server: server.url, credentials } } });
    expect((await run("whoami")).exitCode).toBe(0);
    expect((await run("whoami")).exitCode).toBe(0);
    expect(grants).toEqual(["client_credentials"]);
  });

  test("FLIX_CLIENT_ID and FLIX_CLIENT_SECRET sign in without a context, and leave no file", async () => {
    const env = {
      ...home.env,
      FLIX_SERVER: server.url,
      FLIX_CLIENT_ID: "cli_1",
      FLIX_CLIENT_SECRET: "s3cret",
    };
    expect((await flix(["whoami"], { env })).exitCode).toBe(0);
    await expect(stat(home.configPath)).rejects.toThrow("ENOENT");
    const half = await flix(["whoami"], { env: { ...env, FLIX_CLIENT_SECRET: undefined } });
    expect(half.exitCode).toBe(2);
    expect(half.stderr).toContain("FLIX_CLIENT_SECRET is not set");
  });

  test("a context's credentials never leave for another server", async () => {
    const credentials = { kind: "client" as const, clientId: "cli_1", clientSecret: "s3cret" };
    await save({ current: "ci", contexts: { ci: { server: "https://flix.example", credentials } } });
    const { exitCode } = await run("plans", "list", "--server", server.url);
    expect(exitCode).toBe(4);
    expect(grants).toEqual([]);
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test("logout forgets the sign-in and keeps the context", async () => {
    await save({
      current: "home",
      contexts: { home: { server: server.url, credentials: person("refresh-0") } },
    });
    expect((await run("logout")).exitCode).toBe(0);
    expect(await saved()).toEqual({ current: "home", contexts: { home: { server: server.url } } });
    expect((await run("whoami")).exitCode).toBe(4);
  });
});

/** Shaped like a JWT, so that its expiry can be read. */
function tokenOf(name: string): string {
  const claims = Buffer.from(JSON.stringify({ exp: 4_102_444_800, name })).toString("base64url");
  return `e30.${claims}.signature`;
}
