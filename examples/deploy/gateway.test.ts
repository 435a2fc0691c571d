import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textAt } from "../../packages/cli/testing/fields.ts";
import { makeFilm } from "../../packages/cli/testing/film.ts";
import { flix } from "../../packages/cli/testing/flix.ts";
import { adminToken, provision } from "../../packages/server/testing/server-process.ts";
import { watchFilm } from "../../tools/demo/watch.ts";
import { nginx } from "../../tools/engines/nginx.ts";
import { describeWithProgram } from "../../tools/engines/testing.ts";
import { describeOnEngines, type Place } from "./testing/engines.ts";
import { startGateway, type Gateway } from "./testing/gateway.ts";
import { startGroups, type Groups } from "./testing/groups.ts";
import { reading, startLoad, writing } from "./testing/load.ts";

const password = "a long enough password";

describeWithProgram(nginx, "five groups behind the gateway", (program) => {
  describeOnEngines((makePlace) => {
    let folder: string;
    let place: Place;
    let gateway: Gateway;
    let groups: Groups;
    let env: Record<string, string>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "flix-gateway-"));
      place = await makePlace();
      gateway = await startGateway(program, join(folder, "gateway"));
      groups = await startGroups({
        ...place.environment,
        FLIX_DATABASE_POOL: "5",
        FLIX_DATA: join(folder, "data"),
        FLIX_PUBLIC_URL: gateway.url,
        FLIX_TRUSTED_PROXIES: "loopback",
        FLIX_LEAVE_SECONDS: "3",
        FLIX_ANONYMOUS_RATE_LIMIT: "10000",
        FLIX_RATE_LIMIT: "10000",
      });
      await gateway.route(groups.places);
      const { clientId, clientSecret } = await provision(place.databaseUrl);
      env = {
        FLIX_SERVER: gateway.url,
        FLIX_CLIENT_ID: clientId,
        FLIX_CLIENT_SECRET: clientSecret,
        FLIX_CONFIG_DIR: join(folder, "config"),
        FLIX_WORK_DIR: join(folder, "work"),
      };
    });

    afterAll(async () => {
      await gateway?.stop();
      await groups?.kill();
      await place?.remove();
      await rm(folder, { recursive: true, force: true });
    });

    async function run(args: readonly string[], input?: string): Promise<unknown> {
      const { exitCode, stdout, stderr } = await flix([...args, "--json"], {
        env,
        ...(input !== undefined && { input }),
      });
      if (exitCode !== 0) throw new Error(`flix ${args.join(" ")} exited with ${exitCode}: ${stderr}`);
      return JSON.parse(stdout);
    }

    test("a film goes the whole way, from a file to a viewer's screen and into the analytics", async () => {
      const film = await makeFilm(folder, { seconds: 8 });
      const ingest = [
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
      expect(await run(ingest)).toMatchObject({ title: { state: "published" } });
      const plan = textAt(await run(["plans", "create", "--name", "Basic", "--price", "7.99USD"]), "id");
      const account = textAt(
        await run(
          [
            "users",
            "create",
            "--email",
            "ada@example.org",
            "--name",
            "Ada",
            "--country",
            "US",
            "--password-stdin",
          ],
          password,
        ),
        "id",
      );
      await run([
        "subscriptions",
        "create",
        "--account",
        account,
        "--plan",
        plan,
        "--payment-method",
        "pm_card_visa",
      ]);
      const tail = flix(["analytics", "tail", "--json"], { env });
      // Heard from the beginning: the player may tell of itself before the browser is closed.
      const told = once(createInterface({ input: tail.stdout }), "line");
      const viewer = { email: "ada@example.org", password, title: "Colours", player: "shaka" } as const;
      const watched = await watchFilm({ url: gateway.url, ...viewer });
      expect(watched.frames).toBeGreaterThan(10);
      expect(watched.contrast).toBeGreaterThan(20);
      const [line] = await told;
      expect(JSON.parse(line)).toMatchObject({ title_id: expect.stringMatching(/^ttl_/) });
      tail.kill("SIGINT");
      await tail;
    });

    test("a request keeps its id and goes by one process to the next where one is gone", async () => {
      const answer = await fetch(`${gateway.url}/v1/version`, {
        headers: { "x-request-id": "trace-of-a-test" },
      });
      expect([answer.status, answer.headers.get("x-request-id")]).toEqual([200, "trace-of-a-test"]);
      expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
      const large = await fetch(`${gateway.url}/v1/titles`, {
        method: "POST",
        body: Buffer.alloc(2 ** 21),
      });
      expect(large.status).toBe(413);
    });

    test("every process is restarted under load, and no request fails", async () => {
      const authorization = `Bearer ${await adminToken(gateway.url, place.databaseUrl)}`;
      const at = (path: string) => reading(gateway.url + path, { authorization });
      let number = 0;
      const title = () => ({ kind: "film", title: `Film ${(number += 1)}`, original_language: "en" });
      const load = startLoad([
        at("/v1/titles"),
        at("/v1/ingest-jobs"),
        at("/v1/plans"),
        at("/v1/reports/playback?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"),
        at("/browse"),
        writing(`${gateway.url}/v1/titles`, { authorization }, title),
      ]);
      await groups.restartAll();
      const { requests, failures } = await load.stop();
      expect(failures, gateway.log().slice(-4000)).toEqual([]);
      expect(requests).toBeGreaterThan(100);
    });
  });
});
