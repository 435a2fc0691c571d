import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "../../../../tools/engines/postgres.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { createEmptyDatabase, withClient, type TestDatabase } from "../../testing/empty-database.ts";
import { filledEmail, fillDatabase } from "../../testing/fill-database.ts";
import { growthRequests, growthViewers, type GrowthRequest } from "../../testing/growth-requests.ts";
import { readConfig } from "../config.ts";
import { openDatabases } from "../databases.ts";
import { createLog } from "../kernel/log.ts";
import { hashPassword } from "../modules/users/password.ts";
import { password } from "../modules/users/testing/oauth.ts";
import { signInPlayer } from "../modules/users/testing/browser.ts";
import { as, provisionRoot, type Person } from "./testing/people.ts";
import { problemsOf, watchPlans, type Plan } from "./testing/query-plans.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

/** Large enough that the planner chooses as it does for a million, and that reading all of it is told from reading some of it. */
const size = 20_000;

const rules = {
  growing: new Set([
    "catalog.titles",
    "catalog.words",
    "catalog.title_words",
    "catalog.title_facets",
    "media.markers",
    "users.accounts",
    "users.profiles",
    "playback.positions",
    "playback.sessions",
    "recommendations.views",
    "recommendations.ratings",
    "recommendations.my_list",
    "recommendations.popularity",
    "recommendations.similarities",
  ]),
  maxRows: 3_000,
};

describeWith(postgres, `what is asked of a platform with ${size} titles and profiles`, (server) => {
  let database: TestDatabase;
  let platform: WholePlatform;
  let takePlans: () => Plan[];
  let people: Record<"busy" | "quiet" | "operator", Person>;
  const asked = new Map<string, number>();

  beforeAll(async () => {
    database = await createEmptyDatabase(server.url);
    const { connectionString } = database;
    const databases = openDatabases({ ...readConfig({}), url: connectionString, log: createLog("silent") });
    await databases.migrate();
    await databases.close();
    const passwordHash = await hashPassword(password);
    await fillDatabase(connectionString, { titles: size, profiles: size, passwordHash });
    takePlans = await watchPlans(connectionString);
    platform = await startWholePlatform({}, { database });
    const viewer = async (account = 0): Promise<Person> => {
      const { access_token: token } = await signInPlayer(platform, filledEmail(account));
      return { kind: "account", id: "", scopes: [], token };
    };
    people = {
      busy: await viewer(growthViewers.busy[1]),
      quiet: await viewer(growthViewers.quiet[1]),
      operator: await provisionRoot(platform),
    };
  }, 60_000);
  afterAll(() => platform?.close());

  /** At two addresses; of those that name a profile or a genre, at the first viewer's and at the most common. */
  async function problemsWith({ label, path, by }: GrowthRequest): Promise<string[]> {
    const person = by === "operator" ? people.operator : by === undefined ? people.busy : people.quiet;
    takePlans();
    const first = asked.get(label) ?? 1;
    asked.set(label, first + 60);
    for (const n of [first, first + 30]) {
      const answer = await as(platform, person).get(path(n, size));
      expect(answer.statusCode, answer.body).toBe(200);
    }
    const plans = takePlans();
    expect(plans.length).toBeGreaterThan(1);
    return plans.flatMap((plan) => problemsOf(plan, rules));
  }

  test.each(growthRequests.map((request) => [request.label, request] as const))(
    "%s: reads no table from end to end, and sorts no more than a part of it",
    async (_label, request) => {
      expect(await problemsWith(request)).toEqual([]);
    },
  );

  test.each([
    ["list, newest", "catalog.titles_newest"],
    ["list by title", "catalog.titles_by_title"],
    ["list of a genre by title", "catalog.title_facets_by_title"],
    ["search, a misspelt word", "catalog.words_near"],
    ["home page, long history", "recommendations.popularity_score"],
    ["accounts by name", "users.accounts_search"],
  ])("%s is found out without %s", async (label, index) => {
    const request = growthRequests.find((one) => one.label === label);
    if (request === undefined) throw new Error(`Nothing is asked as ${label}`);
    const definition = await withClient(database.connectionString, async (client) => {
      const { rows } = await client.query(`select pg_get_indexdef($1::regclass) as definition`, [index]);
      await client.query(`drop index ${index}`);
      return String(rows[0]?.definition);
    });
    try {
      expect(await problemsWith(request)).not.toEqual([]);
    } finally {
      await withClient(database.connectionString, (client) => client.query(definition));
    }
  });
});
