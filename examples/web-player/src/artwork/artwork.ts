import type { Output } from "@flix/sdk";

export type Title = Output<"getTitle">;
type Artwork = Title["artwork"][number];
type ArtworkKind = Artwork["kind"];

/** Kinds in the order in which they serve each shape; an operator may have sent only a poster, wide or tall. */
const preferences = {
  wide: ["still", "backdrop", "poster"],
  backdrop: ["backdrop", "still", "poster"],
} as const satisfies Record<string, readonly ArtworkKind[]>;

export type ArtworkShape = keyof typeof preferences;

/** The best picture for a place, or undefined when the title has none. */
export function artworkFor(title: Pick<Title, "artwork">, shape: ArtworkShape): Artwork | undefined {
  const pictures = preferences[shape].flatMap((kind) => title.artwork.filter((art) => art.kind === kind));
  // A tall poster fills a wide place badly, so a wide picture of a lesser kind goes first.
  return pictures.find((art) => !isTall(art)) ?? pictures[0];
}

export function logoOf(title: Pick<Title, "artwork">): Artwork | undefined {
  return title.artwork.find(({ kind }) => kind === "logo");
}

export function isTall({ width = 0, height = 0 }: Pick<Artwork, "width" | "height">): boolean {
  return height > width;
}

/** Two hues of its own for a title without pictures, the same ones every time. */
export function huesOf(id: string): [number, number] {
  const hash = Array.from(id).reduce(
    (sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0,
    7,
  );
  const hue = hash % 360;
  return [hue, (hue + 40 + (hash % 70)) % 360];
}
