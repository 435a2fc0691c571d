import { listTitles, type Client } from "@flix/sdk";
import type { Title } from "../artwork/artwork.ts";
import { queryOf } from "./query.ts";

const mostResults = 48;

/** What the box asks for. Without words it is the newest films and series: an episode by itself says little. */
export async function findTitles(
  client: Client,
  { asked, language }: { asked: string; language: string },
  signal: AbortSignal,
): Promise<Title[]> {
  const query = { ...queryOf(asked), language, page_size: mostResults };
  if (query.q !== undefined) return (await listTitles(client, query, { signal })).data;
  const kinds = ["film", "series"] as const;
  const found = await Promise.all(kinds.map((kind) => listTitles(client, { ...query, kind }, { signal })));
  return found
    .flatMap(({ data }) => data)
    .sort((a, b) => b.created_at.localeCompare(a.created_at))
    .slice(0, mostResults);
}
