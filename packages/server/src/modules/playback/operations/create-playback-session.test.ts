import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { created, openStage, type Stage } from "../testing/stage.ts";

interface Session {
  id: string;
  media_base_url: string;
  resume_position_seconds: number;
}

let stage: Stage;
let film: string;
beforeAll(async () => {
  stage = await openStage({ territoryHeader: "CF-IPCountry" });
  film = await stage.film();
});
afterAll(() => stage?.close());

describe("a session", () => {
  it("answers what to play, relative to one base that carries the grant", async () => {
    const answer = await stage.play(await stage.subscriber(), film);
    expect(answer.statusCode).toBe(201);
    const session = answer.json();
    expect(session).toMatchObject({
      title_id: film,
      manifests: [
        { protocol: "hls", url: `${session.media_base_url}master.m3u8` },
        { protocol: "dash", url: `${session.media_base_url}manifest.mpd` },
      ],
      thumbnails_url: `${session.media_base_url}thumbnails/thumbnails.vtt`,
      heartbeat_interval_seconds: 30,
      resume_position_seconds: 0,
      duration_seconds: 100,
      max_height: 1080,
      audio: [
        { language: "en", channels: 2, role: "main" },
        { language: "en", channels: 2, role: "commentary" },
      ],
      text_tracks: [
        { language: "en", role: "main" },
        { language: "en", role: "forced" },
      ],
      started_at: "2026-11-22T12:00:00.000Z",
      expires_at: "2026-11-22T14:01:40.000Z",
    });
    expect(session.media_base_url).toMatch(new RegExp(`^/media/[\\w~-]+/titles/${film}/[0-9a-f]{64}/$`));
    expect(session).not.toHaveProperty("next_episode");
  });

  it("of an episode names the next one", async () => {
    const { episodeIds } = await stage.series(2);
    const subscriber = await stage.subscriber();
    const first = await stage.play(subscriber, episodeIds[0] ?? "");
    expect(first.json().next_episode).toEqual({
      id: episodeIds[1],
      title: "Part 2",
      season_number: 1,
      episode_number: 2,
    });
    expect((await stage.play(subscriber, episodeIds[1] ?? "")).json()).not.toHaveProperty("next_episode");
  });

  it("says what to skip, and begins anew once the credits were reached", async () => {
    const marked = await stage.film();
    const intro = { kind: "intro", start_seconds: 2.5, end_seconds: 12 };
    await stage.mark(marked, [{ kind: "credits", start_seconds: 90 }, intro]);
    const subscriber = await stage.subscriber();
    const { profileId, person } = subscriber;
    const watched = async (position_seconds: number): Promise<Session> => {
      const url = `/v1/profiles/${profileId}/positions/${marked}`;
      expect((await stage.platform.as(person).put(url, { body: { position_seconds } })).statusCode).toBe(200);
      return created(await stage.play(subscriber, marked));
    };
    expect(await watched(89)).toMatchObject({
      resume_position_seconds: 89,
      markers: [intro, { kind: "credits", start_seconds: 90, end_seconds: 100 }],
    });
    expect(await watched(91)).toMatchObject({ resume_position_seconds: 0 });
    expect((await stage.play(subscriber, film)).json().markers).toEqual([]);
  });

  it("is not for another account's profile, nor for staff", async () => {
    const [one, other] = [await stage.subscriber(), await stage.subscriber()];
    const foreign = await stage.play(one, film, { profileId: other.profileId });
    expect([foreign.statusCode, foreign.json().code]).toEqual([404, "profile_not_found"]);
    const body = { profile_id: one.profileId, title_id: film, device: { id: "x", kind: "tv" } };
    const staff = await stage.platform.as(operator()).post("/v1/playback-sessions", { body });
    expect([staff.statusCode, staff.json().code]).toEqual([403, "insufficient_scope"]);
  });

  it("that is only validated takes no stream, and its grant opens nothing", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 1 });
    const { media_base_url } = created<Session>(
      await stage.play(subscriber, film, { query: "?validate_only=true", device: "dry" }),
    );
    expect((await stage.platform.as().get(`${media_base_url}master.m3u8`)).statusCode).toBe(403);
    expect((await stage.play(subscriber, film)).statusCode).toBe(201);
  });
});

describe("what is refused", () => {
  async function refusal(titleId: string, play = stage.subscriber()): Promise<[number, string]> {
    const answer = await stage.play(await play, titleId);
    return [answer.statusCode, answer.json().code];
  }

  it("a title that is unknown, a draft, a series, or over", async () => {
    expect(await refusal("ttl_01k9v3c4x5e6f7g8h9j0kmnpqr")).toEqual([404, "title_not_available"]);
    expect(await refusal(await stage.film({}, { publish: false }))).toEqual([404, "title_not_available"]);
    const over = [{ territories: [], ends_at: "2026-11-22T12:00:00.000Z" }];
    expect(await refusal(await stage.film({ availability: over }))).toEqual([404, "title_not_available"]);
    const { seriesId } = await stage.series(1);
    expect(await refusal(seriesId)).toEqual([422, "title_not_playable"]);
  });

  it("another country, by the account or by the proxy that is trusted to say it", async () => {
    const french = await stage.film({ availability: [{ territories: ["FR"] }] });
    expect(await refusal(french)).toEqual([403, "territory_not_available"]);
    expect((await stage.play(await stage.subscriber({ country: "FR" }), french)).statusCode).toBe(201);
    const told = { headers: { "cf-ipcountry": "FR" } };
    expect((await stage.play(await stage.subscriber(), french, told)).statusCode).toBe(201);
  });

  it("what a child may not see, rated or not", async () => {
    const subscriber = await stage.subscriber();
    const profileId = await stage.profile(subscriber, { name: "Kid", is_child: true, maturity_limit: 7 });
    const rated = await stage.film({
      maturity: { system: "FSK", country: "DE", value: "12", minimum_age: 12 },
    });
    const unrated = await stage.film({ maturity: undefined });
    for (const title of [rated, unrated]) {
      const answer = await stage.play(subscriber, title, { profileId });
      expect([answer.statusCode, answer.json().code]).toEqual([403, "maturity_blocked"]);
    }
    expect((await stage.play(subscriber, film, { profileId })).statusCode).toBe(201);
  });

  it("an account that does not pay, and a plan below everything that the title has", async () => {
    expect(await refusal(film, stage.subscriber({ paid: false }))).toEqual([403, "not_entitled"]);
    expect(await refusal(film, stage.subscriber({ maxHeight: 240 }))).toEqual([422, "title_not_playable"]);
  });
});

describe("the plan's streams", () => {
  it("are counted by device, and the detail names who plays", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 2 });
    expect((await stage.play(subscriber, film, { device: "a" })).statusCode).toBe(201);
    stage.platform.clock.advance(1);
    expect((await stage.play(subscriber, film, { device: "b" })).statusCode).toBe(201);
    const third = await stage.play(subscriber, film, { device: "c" });
    expect([third.statusCode, third.json().code]).toEqual([409, "stream_limit_reached"]);
    expect(third.json().detail).toContain("The a, The b");
  });

  it("a device replaces its own session", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 1 });
    const first = created<Session>(await stage.play(subscriber, film));
    const second = created<Session>(await stage.play(subscriber, film));
    const asViewer = stage.platform.as(subscriber.person);
    const active = created<{ data: Session[] }>(await asViewer.get("/v1/playback-sessions"));
    expect(active.data.map(({ id }) => id)).toEqual([second.id]);
    const body = { position_seconds: 1, state: "playing" };
    const late = await asViewer.post(`/v1/playback-sessions/${first.id}/heartbeat`, { body });
    expect([late.statusCode, late.json().code]).toEqual([409, "playback_session_ended"]);
  });

  it("are never passed, however many devices start at once", async () => {
    for (const maxStreams of [1, 2, 3]) {
      const subscriber = await stage.subscriber({ maxStreams });
      const starts = Array.from({ length: 8 }, (_, device) =>
        stage.play(subscriber, film, { device: `device-${device}` }),
      );
      const statuses = (await Promise.all(starts)).map(({ statusCode }) => statusCode);
      expect(statuses.filter((status) => status === 201)).toHaveLength(maxStreams);
      expect(statuses.filter((status) => status === 409)).toHaveLength(8 - maxStreams);
    }
  });

  it("of one device that starts many times at once leave one session", async () => {
    const subscriber = await stage.subscriber({ maxStreams: 1 });
    const starts = Array.from({ length: 6 }, () => stage.play(subscriber, film));
    expect((await Promise.all(starts)).map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(201));
    const active = await stage.platform.as(subscriber.person).get("/v1/playback-sessions");
    expect(active.json().data).toHaveLength(1);
  });
});
