import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { forEveryone, openStage, type Stage, type Subscriber } from "../testing/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const at = (
  { person, profileId }: Subscriber,
  titleId: string,
  position_seconds: number,
  profile = profileId,
) => {
  stage.platform.clock.advance(1000);
  const url = `/v1/profiles/${profile}/positions/${titleId}`;
  return stage.platform.as(person).put(url, { body: { position_seconds } });
};
const list = async ({ person, profileId }: Subscriber, profile = profileId): Promise<[string, number][]> => {
  const answer = await stage.platform.as(person).get(`/v1/profiles/${profile}/continue-watching`);
  expect(answer.statusCode).toBe(200);
  return answer
    .json()
    .data.map((item: { title: { id: string }; position_seconds: number }) => [
      item.title.id,
      item.position_seconds,
    ]);
};

describe("continue watching", () => {
  it("holds films between 2 % and 95 %, the last watched first", async () => {
    const subscriber = await stage.subscriber();
    const films = [];
    for (const position of [1.9, 2, 50, 95, 95.1]) {
      const film = await stage.film();
      await at(subscriber, film, position);
      films.push(film);
    }
    expect(await list(subscriber)).toEqual([
      [films[3], 95],
      [films[2], 50],
      [films[1], 2],
    ]);
    await at(subscriber, films[1] ?? "", 60);
    expect((await list(subscriber))[0]).toEqual([films[1], 60]);
  });

  it("takes a film as finished from where its credits begin, wherever that is", async () => {
    const subscriber = await stage.subscriber();
    const [short, long] = [await stage.film(), await stage.film()];
    await stage.mark(short, [{ kind: "credits", start_seconds: 80, end_seconds: 99 }]);
    await stage.mark(long, [{ kind: "credits", start_seconds: 98 }]);
    await at(subscriber, short, 81);
    await at(subscriber, long, 97);
    expect(await list(subscriber)).toEqual([[long, 97]]);
    await at(subscriber, short, 79);
    await at(subscriber, long, 99);
    expect(await list(subscriber)).toEqual([[short, 79]]);
  });

  it("goes on to the next episode from the credits, and to its beginning where those were reached before", async () => {
    const subscriber = await stage.subscriber();
    const [first = "", second = ""] = (await stage.series(2)).episodeIds;
    for (const id of [first, second]) await stage.mark(id, [{ kind: "credits", start_seconds: 60 }]);
    await at(subscriber, second, 70);
    await at(subscriber, first, 70);
    expect(await list(subscriber)).toEqual([[second, 0]]);
  });

  it("shows one entry a series, and the next episode after one that was finished", async () => {
    const subscriber = await stage.subscriber();
    const { episodeIds } = await stage.series(3);
    const [first = "", second = "", third = ""] = episodeIds;
    await at(subscriber, first, 40);
    expect(await list(subscriber)).toEqual([[first, 40]]);
    await at(subscriber, first, 99);
    expect(await list(subscriber)).toEqual([[second, 0]]);
    await at(subscriber, second, 30);
    expect(await list(subscriber)).toEqual([[second, 30]]);
    await at(subscriber, third, 1);
    expect(await list(subscriber)).toEqual([[second, 30]]);
    await at(subscriber, third, 100);
    expect(await list(subscriber)).toEqual([]);
    await at(subscriber, first, 100);
    expect(await list(subscriber)).toEqual([[second, 30]]);
  });

  it("holds only what the profile may watch now", async () => {
    const subscriber = await stage.subscriber();
    const kid = await stage.profile(subscriber, { name: "Kid", is_child: true, maturity_limit: 7 });
    const grown = await stage.film({ maturity: { ...forEveryone, minimum_age: 16 } });
    const ended = await stage.film();
    const endless = await stage.film();
    for (const film of [grown, ended, endless]) await at(subscriber, film, 50, kid);
    await stage.platform.as(operator()).post(`/v1/titles/${ended}/unpublish`);
    expect(await list(subscriber, kid)).toEqual([[endless, 50]]);
  });

  it("pages to its end past entries that are hidden, each once", async () => {
    const subscriber = await stage.subscriber();
    const shown: string[] = [];
    for (let number = 0; number < 7; number += 1) {
      const film = await stage.film();
      await at(subscriber, film, 50);
      if (number % 3 === 1) await stage.platform.as(operator()).post(`/v1/titles/${film}/unpublish`);
      else shown.unshift(film);
    }
    const found: string[] = [];
    let cursor = "";
    do {
      const query = cursor === "" ? "" : `&cursor=${cursor}`;
      const url = `/v1/profiles/${subscriber.profileId}/continue-watching?page_size=2${query}`;
      const page = (await stage.platform.as(subscriber.person).get(url)).json();
      found.push(...page.data.map((item: { title: { id: string } }) => item.title.id));
      cursor = page.next_cursor ?? "";
    } while (cursor !== "");
    expect(found).toEqual(shown);
    const { accountId, profileId } = subscriber;
    const first = await stage.platform.kernel.units.write((unit) =>
      stage.playback.continueWatching(unit, { accountId, profileId, limit: 3 }),
    );
    expect(first.map(({ title }) => title.id)).toEqual(shown.slice(0, 3));
  });

  it("is not for others, and refuses a cursor that is not its own", async () => {
    const [one, other] = [await stage.subscriber(), await stage.subscriber()];
    const url = `/v1/profiles/${one.profileId}/continue-watching`;
    expect((await stage.platform.as(other.person).get(url)).json().code).toBe("profile_not_found");
    expect((await stage.platform.as(one.person).get(`${url}?cursor=xyz`)).json().code).toBe(
      "invalid_request",
    );
    const far = Buffer.from(JSON.stringify([-1e300, "x"])).toString("base64url");
    expect((await stage.platform.as(one.person).get(`${url}?cursor=${far}`)).json().code).toBe(
      "invalid_request",
    );
    const { accountId } = other;
    const read = stage.platform.kernel.units.read();
    expect(
      await stage.playback.continueWatching(read, { accountId, profileId: one.profileId, limit: 5 }),
    ).toEqual([]);
  });
});

describe("a position", () => {
  it("is set, read and deleted by its own account, and the last one wins", async () => {
    const [one, other] = [await stage.subscriber(), await stage.subscriber()];
    const film = await stage.film();
    const url = `/v1/profiles/${one.profileId}/positions/${film}`;
    const asViewer = stage.platform.as(one.person);
    expect((await asViewer.get(url)).json().code).toBe("position_not_found");
    expect((await at(one, film, 70)).json()).toMatchObject({ position_seconds: 70, duration_seconds: 100 });
    expect((await at(one, film, 20)).json().position_seconds).toBe(20);
    expect((await at(one, film, 101)).json()).toMatchObject({ position_seconds: 100, progress: 1 });
    for (const ask of ["get", "delete"] as const)
      expect((await stage.platform.as(other.person)[ask](url)).json().code).toBe("profile_not_found");
    expect((await asViewer.delete(url)).statusCode).toBe(204);
    expect((await asViewer.get(url)).statusCode).toBe(404);
  });

  it("needs a title that is there, and is played", async () => {
    const subscriber = await stage.subscriber();
    const { seriesId } = await stage.series(1);
    expect((await at(subscriber, "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", 1)).json().code).toBe(
      "title_not_available",
    );
    expect((await at(subscriber, seriesId, 1)).json().code).toBe("title_not_playable");
    expect((await at(subscriber, await stage.film(), -1)).json().code).toBe("invalid_request");
  });

  it("resumes where it is, and at 0 when it is hardly begun or all but finished", async () => {
    const subscriber = await stage.subscriber();
    const film = await stage.film();
    for (const [position, resumed] of [
      [1, 0],
      [33.3, 33.3],
      [96, 0],
    ] as const) {
      await at(subscriber, film, position);
      expect((await stage.play(subscriber, film)).json().resume_position_seconds).toBe(resumed);
    }
  });
});
