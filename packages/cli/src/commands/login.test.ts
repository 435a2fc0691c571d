import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOf } from "../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";
import { signIn } from "../../testing/sign-in.ts";

const person = { email: "grace@example.org", password: "correct horse battery" };

let platform: RunningPlatform;
let env: { FLIX_CONFIG_DIR: string };
beforeAll(async () => {
  platform = await startPlatform();
  env = { FLIX_CONFIG_DIR: join(platform.folder, "grace") };
  const operator = JSON.stringify({ ...person, name: "Grace Hopper", role: "publisher" });
  await platform.json(["api", "createOperator", "--body", "-"], { input: operator });
});
afterAll(() => platform.stop());

test("a person signs in with a code, works, and signs out", async () => {
  const login = await signIn(platform, person, env);
  expect(login.exitCode).toBe(0);
  expect(JSON.parse(login.stdout)).toMatchObject({
    context: "localhost",
    kind: "operator",
    role: "publisher",
  });
  expect(await platform.json(["whoami"], { env })).toMatchObject({
    name: "Grace Hopper",
    email: person.email,
  });

  const config = join(env.FLIX_CONFIG_DIR, "config.json");
  expect((await stat(config)).mode & 0o777).toBe(0o600);
  expect(await readFile(config, "utf8")).not.toContain(person.password);

  const refused = await platform.run(["users", "delete", "acc_01k9v3c4x5e6f7g8h9j0kmnpqr", "--yes"], { env });
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("[insufficient_scope, req_");

  expect((await platform.run(["logout"], { env })).exitCode).toBe(0);
  expect((await platform.run(["whoami"], { env })).exitCode).toBe(4);
  expect(await readFile(config, "utf8")).not.toContain("refreshToken");
});

test("signing in leaves the machine client of flix up its context", async () => {
  const login = await signIn(platform, person, platform.env);
  expect(JSON.parse(login.stdout)).toMatchObject({ context: "localhost", kind: "operator" });
  expect(await platform.json(["whoami", "--context", "local"])).toMatchObject({ kind: "client" });
  expect((await platform.run(["context", "use", "local"])).exitCode).toBe(0);
});

test("Ctrl-C while the code waits ends with 130 and saves nothing", async () => {
  const elsewhere = { FLIX_CONFIG_DIR: join(platform.folder, "nobody") };
  const login = platform.run(["login", "--server", platform.url], { env: elsewhere });
  for await (const line of linesOf(login.stderr)) {
    expect(line).toContain(`${platform.url}/oauth/device`);
    break;
  }
  login.kill("SIGINT");
  expect((await login).exitCode).toBe(130);
  await expect(stat(join(elsewhere.FLIX_CONFIG_DIR, "config.json"))).rejects.toThrow("ENOENT");
});

test("a machine client works by its id and secret from the environment alone", async () => {
  const body = JSON.stringify({ name: "Nightly", scopes: ["catalog:read"] });
  const created = await platform.json(["api", "createMachineClient", "--body", "-"], { input: body });
  const { client_id: id, client_secret: secret } = credentialsOf(created);
  const ci = {
    FLIX_CONFIG_DIR: join(platform.folder, "ci"),
    FLIX_SERVER: platform.url,
    FLIX_CLIENT_ID: id,
    FLIX_CLIENT_SECRET: secret,
  };
  expect(await platform.json(["whoami"], { env: ci })).toMatchObject({ kind: "client", name: "Nightly" });
  const wrong = await platform.run(["whoami"], { env: { ...ci, FLIX_CLIENT_SECRET: "wrong" } });
  expect(wrong.exitCode).toBe(4);
  expect(wrong.stderr).toContain("FLIX_CLIENT_SECRET");
});

function credentialsOf(value: unknown): { client_id: string; client_secret: string } {
  const known =
    typeof value === "object" && value !== null && "client_id" in value && "client_secret" in value;
  if (!known) throw new TypeError("No credentials");
  return { client_id: String(value.client_id), client_secret: String(value.client_secret) };
}
