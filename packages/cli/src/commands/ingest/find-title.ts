import { createHash } from "node:crypto";
import type { MasterIdentity } from "@flix/encoder";
import type { Flix, Input } from "@flix/sdk";
import type { Title } from "../../resources.ts";
import { ifThere } from "./if-there.ts";

export type TitleBody = Input<"createTitle">["body"];

/**
 * The title that an earlier run of this command made, else a new one: a run that broke off is repeated without leaving a second title
 * behind. Within a day the idempotency key alone sees to it; later, or after a change of the options, the title's own history does.
 */
export async function findOrCreateTitle(
  flix: Flix,
  wanted: TitleBody,
  master: MasterIdentity,
): Promise<Title> {
  const begun = await findBegun(flix, wanted, master);
  if (begun) return begun;
  const key = createHash("sha256")
    .update(JSON.stringify([master.fingerprint, wanted]))
    .digest("hex");
  const created = await flix.createTitle({ body: wanted }, { idempotencyKey: `ingest-${key}` });
  // A replayed answer may be of a title that was deleted since.
  return (await ifThere(flix.getTitle({ title_id: created.id }))) ?? flix.createTitle({ body: wanted });
}

/** Same name, kind and place, and it was ingested from this file, or began to be. */
export async function findBegun(
  flix: Flix,
  wanted: TitleBody,
  master: MasterIdentity,
): Promise<Title | undefined> {
  const search = { q: wanted.title.slice(0, 200), kind: wanted.kind, page_size: 100 };
  const { data: candidates } = await flix.listTitles(search);
  for (const title of candidates.filter((candidate) => isSame(candidate, wanted))) {
    if (await isFrom(flix, title, master)) return title;
  }
  return undefined;
}

function isSame(title: Title, { title: name, release_year: year, episode }: TitleBody): boolean {
  return (
    title.title === name &&
    (year === undefined || title.release_year === undefined || title.release_year === year) &&
    title.episode?.series_id === episode?.series_id &&
    title.episode?.season_number === episode?.season_number &&
    title.episode?.episode_number === episode?.episode_number
  );
}

async function isFrom(
  flix: Flix,
  { id, playable }: Title,
  { filename, sizeBytes }: MasterIdentity,
): Promise<boolean> {
  const assets = await flix.listAssets({ title_id: id, kind: "master", page_size: 100 });
  if (assets.data.some((asset) => asset.filename === filename && asset.size_bytes === sizeBytes)) return true;
  if (playable || assets.data.length > 0) return false;
  const jobs = await flix.listIngestJobs({ title_id: id, page_size: 100 });
  return jobs.data.some(({ source_filename: source }) => source === filename);
}
