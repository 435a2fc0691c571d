import {
  contentDigest,
  newPackage,
  sha256,
  smallFiles,
  type Files,
} from "../../modules/media/testing/media.ts";
import { makeKeySet, uploadPackage } from "../../modules/playback/testing/package.ts";
import { as, succeeded, type Person } from "./people.ts";
import type { WholePlatform } from "./whole-platform.ts";

interface Listed {
  data: { id: string; path?: string }[];
}

/** One resource of each kind that no account owns, by the name of its path parameter. */
export interface Stock {
  title_id: string;
  plan_id: string;
  asset_id: string;
  /** It waits for its files, but for its report. */
  package_id: string;
  upload_id: string;
  /** Its keys encrypt what the title plays. */
  key_set_id: string;
  /** One of them, in base64url. */
  kid: string;
  job_id: string;
  operator_id: string;
  client_id: string;
}

const report = Buffer.from('{"schema":1}');
/** The files of the package that waits; the upload is that of the HLS manifest. */
export const waitingFiles: Files = { ...smallFiles("the next one"), "package.json": report };

/** Fills the platform as its operators would. */
export async function fillStock(platform: WholePlatform, root: Person): Promise<Stock> {
  const staff = as(platform, root);
  const make = async (url: string, body?: object) =>
    succeeded(await staff.post(url, body === undefined ? {} : { body })).id;
  const title_id = await make("/v1/titles", film);
  const keySet = await makeKeySet(staff, title_id);
  await uploadPackage(staff, title_id, { keySet });
  await make(`/v1/titles/${title_id}/publish`);
  const package_id = await make(`/v1/titles/${title_id}/packages`, newPackage(waitingFiles));
  const { data } = succeeded<Listed>(await staff.get(`/v1/packages/${package_id}/uploads`));
  const idOf = (name: string) => data.find(({ path }) => path === name)?.id ?? "";
  succeeded(
    await staff.put(`/v1/uploads/${idOf("package.json")}/parts/1`, {
      raw: report,
      headers: { "content-type": "application/octet-stream", "content-digest": contentDigest(report) },
    }),
  );
  const client = await staff.post("/v1/clients", { body: { name: "Old", scopes: ["catalog:read"] } });
  return {
    title_id,
    package_id,
    key_set_id: keySet.id,
    kid: Buffer.from(keySet.keys[0]?.key_id.replaceAll("-", "") ?? "", "hex").toString("base64url"),
    upload_id: idOf("master.m3u8"),
    plan_id: await make("/v1/plans", plan),
    asset_id: await make(`/v1/titles/${title_id}/assets`, master),
    job_id: await make("/v1/ingest-jobs", { title_id, worker: "encode-01" }),
    operator_id: await make("/v1/operators", helper),
    client_id: succeeded<{ client_id: string }>(client).client_id,
  };
}

/** What one account owns, by the names of the path parameters. */
export interface Belongings {
  account_id: string;
  profile_id: string;
  subscription_id: string;
  invoice_id: string;
  session_id: string;
}

/** Subscribes a viewer, who then plays, rates and lists the title. */
export async function subscribe(
  platform: WholePlatform,
  viewer: Person,
  { title_id, plan_id }: Pick<Stock, "title_id" | "plan_id">,
): Promise<Belongings> {
  const own = as(platform, viewer);
  const account_id = viewer.id;
  const first = async (url: string) => succeeded<Listed>(await own.get(url)).data[0]?.id ?? "";
  const profile_id = await first(`/v1/accounts/${account_id}/profiles`);
  const subscription = { account_id, plan_id, payment_method: "pm_card_visa" };
  const subscribed = succeeded(await own.post("/v1/subscriptions", { body: subscription }));
  const body = { profile_id, title_id, device: { id: "tv-1", kind: "tv" } };
  const session = succeeded(await own.post("/v1/playback-sessions", { body }));
  const profile = `/v1/profiles/${profile_id}`;
  succeeded(await own.put(`${profile}/positions/${title_id}`, { body: { position_seconds: 12.5 } }));
  succeeded(await own.put(`${profile}/ratings/${title_id}`, { body: { thumbs: "up" } }));
  succeeded(await own.put(`${profile}/my-list/${title_id}`));
  succeeded(await own.post(`/v1/accounts/${account_id}/profiles`, { body: { name: "Second" } }));
  await platform.deliverEvents();
  const invoice_id = await first("/v1/invoices");
  return { account_id, profile_id, subscription_id: subscribed.id, invoice_id, session_id: session.id };
}

const film = {
  kind: "film",
  title: "Big Buck Bunny",
  genres: ["animation"],
  maturity: { system: "FSK", country: "DE", value: "0", minimum_age: 0 },
};

const plan = {
  name: "Standard",
  price: { amount: 999, currency: "USD" },
  interval: "month",
  max_streams: 2,
  max_height: 1080,
};

const master = {
  kind: "master",
  filename: "big-buck-bunny.mp4",
  size_bytes: 22_000_000,
  sha256: sha256(Buffer.from("a film")),
};

const helper = {
  email: "linus@example.org",
  password: "another good password",
  name: "Linus",
  role: "support",
};
