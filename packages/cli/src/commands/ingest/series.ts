import { createHash } from "node:crypto";
import type { Flix } from "@flix/sdk";
import { CliError } from "../../errors.ts";
import { id, type Kind } from "../../kinds.ts";
import { ifThere } from "./if-there.ts";

/** A series by its id, or by the name that it has, or will have once its first episode comes. */
export type SeriesReference = { id: string } | { name: string };

const titleId = id("ttl");

export const seriesReference: Kind<SeriesReference> = {
  parse(word) {
    if (!word.startsWith("ttl_")) return word.trim() === "" ? undefined : { name: word };
    const parsed = titleId.parse(word);
    return parsed === undefined ? undefined : { id: parsed };
  },
  expects: "must be a series' name or its id",
};

/** Finds series, and makes those that are not there; episodes that come at the same time get the same one. */
export interface SeriesFinder {
  findOrCreate(reference: SeriesReference): Promise<string>;
}

export function createSeriesFinder(flix: Flix): SeriesFinder {
  const found = new Map<string, Promise<string>>();
  return {
    async findOrCreate(reference) {
      if ("id" in reference) return reference.id;
      const { name } = reference;
      const known = found.get(name) ?? findOrCreateNamed(flix, name);
      found.set(name, known);
      // What failed for one episode may work for the next.
      known.catch(() => found.delete(name));
      return known;
    },
  };
}

async function findOrCreateNamed(flix: Flix, name: string): Promise<string> {
  const there = await findSeries(flix, name);
  if (there !== undefined) return there;
  const body = { kind: "series", title: name } as const;
  const key = createHash("sha256").update(name).digest("hex");
  const created = await flix.createTitle({ body }, { idempotencyKey: `ingest-series-${key}` });
  // A replayed answer may be of a series that was deleted since.
  const live = (await ifThere(flix.getTitle({ title_id: created.id }))) ?? (await flix.createTitle({ body }));
  return live.id;
}

export async function findSeries(flix: Flix, name: string): Promise<string | undefined> {
  const { data } = await flix.listTitles({ q: name.slice(0, 200), kind: "series", page_size: 100 });
  const [first, second] = data.filter(({ title }) => title === name);
  if (!second) return first?.id;
  throw new CliError("series_ambiguous", {
    message: `There are several series called ${name}`,
    fix: `Name the one that is meant by its id, such as ${second.id}.`,
  });
}
