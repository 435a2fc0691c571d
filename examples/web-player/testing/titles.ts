import type { Title } from "../src/artwork/artwork.ts";

let count = 0;

/** A published film with an id of its own; what a test is about is given. */
export function titleOf(facts: Partial<Title> = {}): Title {
  count += 1;
  const timestamp = "2026-11-22T09:30:00.000Z";
  return {
    id: `ttl_01k9v3c4x5e6f7g8h9j0${String(count).padStart(6, "0")}`,
    kind: "film",
    state: "published",
    title: `Film ${count}`,
    original_language: "en",
    genres: [],
    cast: [],
    artwork: [],
    metadata: {},
    availability: [],
    playable: true,
    created_at: timestamp,
    updated_at: timestamp,
    etag: '"1"',
    ...facts,
  };
}
