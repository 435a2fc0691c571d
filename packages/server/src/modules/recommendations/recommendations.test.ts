import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage, type Subscriber } from "../playback/testing/stage.ts";
import { packageDurationSeconds } from "../playback/testing/package.ts";
import { createRecommendations } from "./index.ts";

interface Row {
  id: string;
  kind: string;
  title: string;
  because_title_id?: string;
  items: { title: { id: string }; progress?: number; reason?: string }[];
}

let stage: Stage;
const films: Record<string, string> = {};
const names = ["alien", "aliens", "airplane", "hotshots", "heidi"];
let fans: Subscriber[];
let newcomer: Subscriber;

beforeAll(async () => {
  stage = await openStage({ above: (kernel, faces) => [createRecommendations(kernel, faces).module] });
  for (const name of names) {
    stage.platform.clock.advance(60_000);
    const genres = name.startsWith("alien") ? ["horror"] : ["comedy"];
    films[name] = await stage.film({
      title: name,
      genres,
      maturity: { system: "FSK", country: "DE", value: "12", minimum_age: name === "heidi" ? 0 : 12 },
    });
  }
  fans = [];
  for (let fan = 0; fan < 4; fan += 1) fans.push(await stage.subscriber());
  newcomer = await stage.subscriber();
  // Two tastes: horror twice, comedy twice; the last fan of comedy has seen one of them only.
  for (const fan of fans.slice(0, 2)) for (const name of ["alien", "aliens"]) await watch(fan, name, 0.9);
  for (const name of ["airplane", "hotshots"]) await watch(fans[2], name, 0.9);
  await watch(fans[3], "airplane", 0.8);
  await learn();
});
afterAll(() => stage.close());

async function watch(subscriber: Subscriber | undefined, name: string, share: number): Promise<void> {
  if (!subscriber) throw new Error("There is no such fan");
  const { profileId, person } = subscriber;
  const body = { position_seconds: packageDurationSeconds * share };
  const answer = await stage.platform
    .as(person)
    .put(`/v1/profiles/${profileId}/positions/${films[name]}`, { body });
  expect(answer.statusCode, answer.body).toBe(200);
}

async function learn(): Promise<void> {
  await stage.platform.deliverEvents();
  await stage.platform.runJob("recommendations.learn-similarities");
  await stage.platform.runJob("recommendations.learn-popularity");
}

async function home({ profileId, person }: Subscriber): Promise<Row[]> {
  const answer = await stage.platform.as(person).get(`/v1/profiles/${profileId}/home`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().rows;
}

const idsOf = (row: Row | undefined) => row?.items.map(({ title }) => title.id) ?? [];

describe("getHome", () => {
  it("shows a newcomer what is popular and new, no title twice", async () => {
    const rows = await home(newcomer);
    expect(rows.map(({ kind }) => kind).slice(0, 2)).toEqual(["popular", "new"]);
    const shown = rows.flatMap(idsOf);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.toSorted()).toEqual(Object.values(films).toSorted());
    expect(idsOf(rows[0])).not.toContain(films["heidi"]);
  });

  it("recommends from what like-minded viewers watched, and says why", async () => {
    const [, , , fan] = fans;
    if (!fan) throw new Error("There is no fourth fan");
    const rows = await home(fan);
    const because = rows.find(({ kind }) => kind === "because_you_watched");
    expect(because?.because_title_id).toBe(films["airplane"]);
    expect(because?.title).toBe("Because you watched airplane");
    expect(because ? idsOf(because) : []).toEqual([films["hotshots"]]);
  });

  it("begins with what was begun, with its progress", async () => {
    const subscriber = await stage.subscriber();
    await watch(subscriber, "heidi", 0.4);
    const [first] = await home(subscriber);
    expect(first).toMatchObject({
      kind: "continue_watching",
      items: [{ title: { id: films["heidi"] }, progress: 0.4 }],
    });
  });

  it("keeps from a child what is not for it, and from others the page", async () => {
    const child = await stage.profile(newcomer, { name: "Kid", is_child: true, maturity_limit: 6 });
    const rows = await home({ ...newcomer, profileId: child });
    expect(new Set(rows.flatMap(idsOf))).toEqual(new Set([films["heidi"]]));
    const answer = await stage.platform.as(fans[0]?.person).get(`/v1/profiles/${child}/home`);
    // As for a profile that does not exist.
    expect(answer.json()).toMatchObject({ status: 404, code: "profile_not_found" });
  });
});

describe("listSimilarTitles", () => {
  const similar = async (name: string, query = "") => {
    const answer = await stage.platform.as(newcomer.person).get(`/v1/titles/${films[name]}/similar${query}`);
    return answer.json();
  };

  it("ranks by shared viewers, and falls back to genres and people", async () => {
    const learned = (await similar("alien")).data;
    expect(learned).toHaveLength(1);
    expect(learned[0]).toMatchObject({ title: { id: films["aliens"] }, shared_viewers: 2 });
    const byContent = (await similar("heidi")).data;
    expect(byContent.map(({ title }: Row["items"][0]) => title.id).toSorted()).toEqual(
      [films["airplane"], films["hotshots"]].toSorted(),
    );
  });

  it("pages to the end", async () => {
    const first = await similar("heidi", "?page_size=1");
    const second = await similar("heidi", `?page_size=1&cursor=${first.next_cursor}`);
    expect(second.data).toHaveLength(1);
    expect(second.next_cursor).toBeUndefined();
    expect(second.data[0].title.id).not.toBe(first.data[0].title.id);
  });
});

describe("ratings and my list", () => {
  it("a thumb down takes a title's neighbours away", async () => {
    const subscriber = await stage.subscriber();
    const asSubscriber = stage.platform.as(subscriber.person);
    const url = `/v1/profiles/${subscriber.profileId}/ratings/${films["airplane"]}`;
    expect((await asSubscriber.put(url, { body: { thumbs: "up" } })).statusCode).toBe(200);
    expect((await home(subscriber)).some(({ kind }) => kind === "because_you_watched")).toBe(true);
    await asSubscriber.put(url, { body: { thumbs: "down" } });
    expect((await home(subscriber)).some(({ kind }) => kind === "because_you_watched")).toBe(false);
    const listed = await asSubscriber.get(`/v1/profiles/${subscriber.profileId}/ratings`);
    expect(listed.json().data).toMatchObject([{ title_id: films["airplane"], thumbs: "down" }]);
    expect((await asSubscriber.delete(url)).statusCode).toBe(204);
  });

  it("my list keeps its order, its place on the page, and other accounts out", async () => {
    const subscriber = await stage.subscriber();
    const asSubscriber = stage.platform.as(subscriber.person);
    const base = `/v1/profiles/${subscriber.profileId}/my-list`;
    for (const name of ["alien", "heidi", "alien"]) {
      stage.platform.clock.advance(1_000);
      expect((await asSubscriber.put(`${base}/${films[name]}`)).statusCode).toBe(200);
    }
    const listed = (await asSubscriber.get(base)).json().data;
    expect(listed.map(({ title }: Row["items"][0]) => title.id)).toEqual([films["heidi"], films["alien"]]);
    expect((await home(subscriber))[0]?.kind).toBe("my_list");
    expect((await stage.platform.as(newcomer.person).get(base)).statusCode).toBe(404);
    expect((await asSubscriber.put(`${base}/ttl_01k9v3c4x5e6f7g8h9j0kmnpqr`)).json().code).toBe(
      "title_not_found",
    );
  });
});

it("forgets an account whole", async () => {
  const subscriber = await stage.subscriber();
  await watch(subscriber, "heidi", 0.5);
  await stage.platform.as(subscriber.person).delete(`/v1/accounts/${subscriber.accountId}`);
  await stage.platform.deliverEvents();
  const { units, database } = stage.platform.kernel;
  const tables = units.read().on<{ views: { account_id: string } }>(database("recommendations"));
  const left = await tables
    .selectFrom("views")
    .select("account_id")
    .where("account_id", "=", subscriber.accountId)
    .execute();
  expect(left).toEqual([]);
});
