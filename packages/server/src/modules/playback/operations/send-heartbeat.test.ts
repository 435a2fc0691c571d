import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { sql } from "kysely";
import { created, openStage, type Stage, type Subscriber } from "../testing/stage.ts";

interface Session {
  id: string;
  media_base_url: string;
  expires_at: string;
}

let stage: Stage;
let film: string;
beforeAll(async () => {
  stage = await openStage();
  film = await stage.film();
});
afterAll(() => stage?.close());

const start = async (subscriber: Subscriber, device = "tv-1") =>
  created<Session>(await stage.play(subscriber, film, { device }));
const beat = ({ person }: Subscriber, id: string, position_seconds = 10, state = "playing") =>
  stage.platform
    .as(person)
    .post(`/v1/playback-sessions/${id}/heartbeat`, { body: { position_seconds, state } });
const stop = ({ person }: Subscriber, id: string, body: object = {}) =>
  stage.platform.as(person).post(`/v1/playback-sessions/${id}/stop`, { body });
const active = async ({
  person,
}: Subscriber): Promise<{ id: string; state: string; position_seconds: number }[]> =>
  (await stage.platform.as(person).get("/v1/playback-sessions")).json().data;
const position = ({ person, profileId }: Subscriber) =>
  stage.platform.as(person).get(`/v1/profiles/${profileId}/positions/${film}`);

async function eventsOf({
  accountId,
}: Subscriber): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const { root } = stage.platform.kernel.database("playback");
  const { rows } = await sql<{ type: string; data: Record<string, unknown> }>`
    select type, data from kernel.events where account_id = ${accountId} and type like 'playback.%' order by position
  `.execute(root);
  return rows;
}

describe("a heartbeat", () => {
  it("keeps the stream, stores the position and renews the grant", async () => {
    const subscriber = await stage.subscriber();
    const session = await start(subscriber);
    for (const seconds of [30, 60, 90, 120]) {
      stage.platform.clock.advance(30_000);
      const answer = created<Session>(await beat(subscriber, session.id, seconds / 3, "paused"));
      expect(Date.parse(answer.expires_at)).toBe(Date.parse(session.expires_at) + seconds * 1000);
      expect(answer.media_base_url).not.toBe(session.media_base_url);
    }
    expect(await active(subscriber)).toMatchObject([
      { id: session.id, state: "paused", position_seconds: 40 },
    ]);
    expect((await position(subscriber)).json()).toMatchObject({ position_seconds: 40, progress: 0.4 });
  });

  it("past the end is at the end", async () => {
    const subscriber = await stage.subscriber();
    await beat(subscriber, (await start(subscriber)).id, 5000);
    expect((await position(subscriber)).json()).toMatchObject({ position_seconds: 100, progress: 1 });
  });

  it("is for the account's own sessions", async () => {
    const [one, other] = [await stage.subscriber(), await stage.subscriber()];
    const { id } = await start(one);
    for (const answer of [await beat(other, id), await stop(other, id)])
      expect([answer.statusCode, answer.json().code]).toEqual([404, "playback_session_not_found"]);
    expect(await active(one)).toHaveLength(1);
    expect(await active(other)).toEqual([]);
  });

  it("checks again what may be watched", async () => {
    const subscriber = await stage.subscriber();
    const unpublished = await stage.film();
    const { id } = created<Session>(await stage.play(subscriber, unpublished));
    await stage.platform.as(operator()).post(`/v1/titles/${unpublished}/unpublish`);
    const answer = await beat(subscriber, id);
    expect([answer.statusCode, answer.json().code]).toEqual([404, "title_not_available"]);
  });

  it("reports the position only when it moved", async () => {
    const subscriber = await stage.subscriber();
    const { id } = await start(subscriber);
    for (const seconds of [10, 10, 10, 20]) await beat(subscriber, id, seconds);
    await stop(subscriber, id, { position_seconds: 21 });
    const events = await eventsOf(subscriber);
    const about = { session_id: id, profile_id: subscriber.profileId, title_id: film };
    const started = { ...about, title: "A film", device_kind: "tv", territory: "DE", duration_seconds: 100 };
    expect(events).toEqual([
      { type: "playback.started", data: started },
      ...[10, 20, 21].map((position_seconds) => ({
        type: "playback.progressed",
        data: { ...about, position_seconds, duration_seconds: 100 },
      })),
      { type: "playback.stopped", data: { ...about, position_seconds: 21 } },
    ]);
  });
});

describe("a silent session", () => {
  it("ends after three intervals, gives its stream back, and is reported once", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 1 });
    const { id } = await start(subscriber, "a");
    stage.platform.clock.advance(89_000);
    expect((await stage.play(subscriber, film, { device: "b" })).statusCode).toBe(409);
    stage.platform.clock.advance(1000);
    expect(await active(subscriber)).toEqual([]);
    expect((await beat(subscriber, id)).json().code).toBe("playback_session_ended");
    await stage.platform.runJob("playback.end-silent-sessions");
    await stage.platform.runJob("playback.end-silent-sessions");
    expect((await stage.play(subscriber, film, { device: "b" })).statusCode).toBe(201);
    const stopped = (await eventsOf(subscriber)).filter(({ type }) => type === "playback.stopped");
    expect(stopped.map(({ data }) => data["session_id"])).toEqual([id]);
  });

  it("gives its stream back to the next start, before the job has run", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 1 });
    await start(subscriber, "a");
    stage.platform.clock.advance(90_000);
    expect((await stage.play(subscriber, film, { device: "b" })).statusCode).toBe(201);
  });

  it("does not move the position when it is stopped late", async () => {
    const subscriber = await stage.subscriber();
    const { id } = await start(subscriber);
    await beat(subscriber, id, 50);
    stage.platform.clock.advance(90_000);
    expect((await stop(subscriber, id, { position_seconds: 10 })).statusCode).toBe(204);
    expect((await position(subscriber)).json().position_seconds).toBe(50);
  });

  it("is forgotten a week after its end", async () => {
    const subscriber = await stage.subscriber();
    const { id } = await start(subscriber);
    await stop(subscriber, id);
    stage.platform.clock.advance(8 * 24 * 3_600_000);
    await stage.platform.runJob("playback.forget-ended-sessions");
    expect((await beat(subscriber, id)).json().code).toBe("playback_session_not_found");
  });
});

describe("stopping", () => {
  it("gives the stream back, and a session that has ended stays so", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 1 });
    const { id } = await start(subscriber, "a");
    expect((await stop(subscriber, id, { position_seconds: 60 })).statusCode).toBe(204);
    expect((await stop(subscriber, id, { position_seconds: 5 })).statusCode).toBe(204);
    expect((await position(subscriber)).json().position_seconds).toBe(60);
    expect((await stage.play(subscriber, film, { device: "b" })).json().resume_position_seconds).toBe(60);
  });
});

describe("the list of sessions", () => {
  it("pages to its end, the newest first", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 5 });
    const started: string[] = [];
    for (const device of ["a", "b", "c", "d", "e"]) {
      started.unshift((await start(subscriber, device)).id);
      stage.platform.clock.advance(1);
    }
    const found: string[] = [];
    let cursor = "";
    do {
      const url = `/v1/playback-sessions?page_size=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const page = (await stage.platform.as(subscriber.person).get(url)).json();
      found.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor ?? "";
    } while (cursor !== "");
    expect(found).toEqual(started);
  });
});

describe("when others' things go", () => {
  it("a suspended account's sessions end; a deleted account and profile leave nothing", async () => {
    const [suspended, deleted] = [await stage.subscriber(), await stage.subscriber()];
    await start(suspended);
    await beat(deleted, (await start(deleted)).id, 50);
    const staff = stage.platform.as(operator());
    await staff.post(`/v1/accounts/${suspended.accountId}/suspend`, { body: { reason: "fraud" } });
    const gone = await staff.delete(`/v1/accounts/${deleted.accountId}`);
    expect(gone.statusCode).toBe(204);
    await stage.platform.deliverEvents();
    expect(await active(suspended)).toEqual([]);
    expect((await eventsOf(suspended)).map(({ type }) => type)).toContain("playback.stopped");
    expect(await rowsOf(deleted)).toBe(0);
  });

  it("a deleted profile and a deleted title leave no positions", async () => {
    const subscriber = await stage.subscriber();
    const profileId = await stage.profile(subscriber, { name: "Second" });
    const asViewer = stage.platform.as(subscriber.person);
    const doomed = await stage.film();
    const body = { position_seconds: 50 };
    await asViewer.put(`/v1/profiles/${profileId}/positions/${film}`, { body });
    await asViewer.put(`/v1/profiles/${subscriber.profileId}/positions/${doomed}`, { body });
    expect(await rowsOf(subscriber)).toBe(2);
    const staff = stage.platform.as(operator());
    await staff.delete(`/v1/profiles/${profileId}`);
    await staff.post(`/v1/titles/${doomed}/unpublish`);
    expect((await staff.delete(`/v1/titles/${doomed}`)).statusCode).toBe(204);
    await stage.platform.deliverEvents();
    expect(await rowsOf(subscriber)).toBe(0);
  });
});

async function rowsOf({ accountId }: Subscriber): Promise<number> {
  const { root } = stage.platform.kernel.database("playback");
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from playback.sessions where account_id = ${accountId})
      + (select count(*) from playback.positions where account_id = ${accountId}) as count`.execute(root);
  return Number(rows[0]?.count);
}
