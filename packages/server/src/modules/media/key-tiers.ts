import type { components } from "@flix/openapi";

type Schemas = components["schemas"];
export type KeyTier = Schemas["KeyTier"];

/** The tier whose key encrypts a rendition; text is never encrypted. */
export function tierOf({
  type,
  height = 0,
}: Pick<Schemas["Rendition"], "type" | "height">): KeyTier | undefined {
  switch (type) {
    case "audio":
      return "audio";
    case "text":
      return undefined;
    case "video":
      if (height <= 576) return "sd";
      return height <= 1080 ? "hd" : "uhd";
    default:
      return type satisfies never;
  }
}

/** The tiers of what a package plays up to a height: a key is told for what may be watched, and for nothing above it. */
export function tiersUpTo(renditions: readonly Schemas["Rendition"][], maxHeight: number): Set<KeyTier> {
  const played = renditions.filter(({ height = 0 }) => height <= maxHeight);
  return new Set(played.flatMap((rendition) => tierOf(rendition) ?? []));
}
