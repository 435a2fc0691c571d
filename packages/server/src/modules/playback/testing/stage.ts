import type { LightMyRequestResponse } from "fastify";
import {
  operator,
  startTestPlatform,
  viewer,
  type Person,
  type TestPlatform,
} from "../../../../testing/index.ts";
import type { Kernel, Module } from "../../../kernel/module.ts";
import { createBilling } from "../../billing/index.ts";
import { createCatalog, type Catalog } from "../../catalog/index.ts";
import { createEdge } from "../../edge/index.ts";
import { createMedia } from "../../media/index.ts";
import { createUsers, type Users } from "../../users/index.ts";
import type { PlaybackOptions } from "../context.ts";
import { createPlayback, type Playback } from "../index.ts";
import { makeKeySet, uploadPackage } from "./package.ts";

export interface Subscriber {
  accountId: string;
  profileId: string;
  person: Person;
}

/** The whole path to a playing stream over the real modules: plans, subscribers, published films and series. */
export interface Stage {
  platform: TestPlatform;
  playback: Playback;
  subscriber(options?: {
    maxStreams?: number;
    maxHeight?: number;
    country?: string;
    paid?: boolean;
  }): Promise<Subscriber>;
  profile(subscriber: Subscriber, body: object): Promise<string>;
  /** Published, with a package, for all ages unless `body` says otherwise. */
  film(
    body?: object,
    options?: { publish?: boolean; playable?: boolean; protect?: boolean },
  ): Promise<string>;
  series(episodes: number): Promise<{ seriesId: string; episodeIds: string[] }>;
  /** Sets a title's markers. */
  mark(titleId: string, markers: object[]): Promise<void>;
  play(subscriber: Subscriber, titleId: string, options?: PlayOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

interface PlayOptions {
  device?: string;
  profileId?: string;
  headers?: Record<string, string>;
  query?: string;
}

export const forEveryone = { system: "FSK", country: "DE", value: "0", minimum_age: 0 };

interface StageOptions extends PlaybackOptions {
  environment?: Record<string, string>;
  /** Modules above playback that the test is about. */
  above?: (kernel: Kernel, faces: { users: Users; catalog: Catalog; playback: Playback }) => Module[];
}

export async function openStage({ above, environment = {}, ...options }: StageOptions = {}): Promise<Stage> {
  let playback: Playback | undefined;
  const platform = await startTestPlatform({
    compose(kernel) {
      const users = createUsers(kernel);
      const catalog = createCatalog(kernel);
      const media = createMedia(kernel, { catalog });
      const billing = createBilling(kernel, { users });
      playback = createPlayback(kernel, { users, catalog, media, billing }, options);
      const edge = createEdge(kernel, { playback });
      const lower = [users, catalog, media, billing, playback, edge].map(({ module }) => module);
      return [...lower, ...(above?.(kernel, { users, catalog, playback }) ?? [])];
    },
    environment,
  });
  if (!playback) throw new Error("The platform did not compose its modules");
  const staff = platform.as(operator());
  const title = async (body: object, { publish = true, playable = true, protect = false } = {}) => {
    const { id } = created<{ id: string }>(await staff.post("/v1/titles", { body }));
    if (playable)
      await uploadPackage(staff, id, { keySet: protect ? await makeKeySet(staff, id) : undefined });
    if (publish) expectOk(await staff.post(`/v1/titles/${id}/publish`));
    return id;
  };
  let people = 0;
  return {
    platform,
    playback,
    async subscriber({ maxStreams = 2, maxHeight = 1080, country = "DE", paid = true } = {}) {
      people += 1;
      const draft = {
        email: `viewer-${people}@example.com`,
        password: "correct horse battery staple",
        name: "Viewer",
        country,
      };
      const { id: accountId } = created<{ id: string }>(await staff.post("/v1/accounts", { body: draft }));
      const profiles = await staff.get(`/v1/accounts/${accountId}/profiles`);
      const profileId = created<{ data: { id: string }[] }>(profiles).data[0]?.id ?? "";
      if (paid) await subscribe(staff, accountId, { maxStreams, maxHeight });
      return { accountId, profileId, person: viewer(accountId) };
    },
    async profile({ accountId }, body) {
      return created<{ id: string }>(await staff.post(`/v1/accounts/${accountId}/profiles`, { body })).id;
    },
    film: (body = {}, how = {}) =>
      title({ kind: "film", title: "A film", maturity: forEveryone, ...body }, how),
    async series(episodes) {
      const seriesId = await title(
        { kind: "series", title: "A series", maturity: forEveryone },
        { playable: false },
      );
      const episodeIds: string[] = [];
      for (let number = 1; number <= episodes; number += 1) {
        const episode = { series_id: seriesId, season_number: 1, episode_number: number };
        const body = { kind: "episode", title: `Part ${number}`, maturity: forEveryone, episode };
        episodeIds.push(await title(body));
      }
      return { seriesId, episodeIds };
    },
    async mark(titleId, markers) {
      const headers = { "if-match": "*" };
      expectOk(await staff.put(`/v1/titles/${titleId}/markers`, { body: { markers }, headers }));
    },
    play(
      { person, profileId: own },
      title_id,
      { device = "tv-1", profileId = own, headers = {}, query = "" } = {},
    ) {
      const body = {
        profile_id: profileId,
        title_id,
        device: { id: device, name: `The ${device}`, kind: "tv" },
      };
      return platform.as(person).post(`/v1/playback-sessions${query}`, { body, headers });
    },
    close: () => platform.close(),
  };
}

async function subscribe(
  staff: ReturnType<TestPlatform["as"]>,
  account_id: string,
  { maxStreams, maxHeight }: { maxStreams: number; maxHeight: number },
): Promise<void> {
  const plan = {
    name: `Up to ${maxStreams} at ${maxHeight}`,
    price: { amount: 999, currency: "EUR" },
    interval: "month",
    max_streams: maxStreams,
    max_height: maxHeight,
  };
  const { id: plan_id } = created<{ id: string }>(await staff.post("/v1/plans", { body: plan }));
  const body = { account_id, plan_id, payment_method: "pm_card_visa" };
  expectOk(await staff.post("/v1/subscriptions", { body }));
}

/** The body of an answer that must be a success. */
export function created<Body>(answer: LightMyRequestResponse): Body {
  expectOk(answer);
  return answer.json<Body>();
}

function expectOk(answer: LightMyRequestResponse): void {
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
}
