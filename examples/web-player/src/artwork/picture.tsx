import { useState } from "react";
import { artworkFor, huesOf, isTall, type ArtworkShape, type Title } from "./artwork.ts";
import styles from "./picture.module.css";

interface Props {
  title: Pick<Title, "id" | "title" | "artwork">;
  shape: ArtworkShape;
  /** Above the fold: fetched at once, and before other pictures. */
  eager?: boolean;
}

/** A title's artwork; colours and its name where there is none, or where it cannot be loaded. */
export function Picture({ title, shape, eager = false }: Props) {
  const artwork = artworkFor(title, shape);
  const [broken, setBroken] = useState(false);
  const [shown, setShown] = useState(false);
  if (!artwork || broken) {
    const [from, to] = huesOf(title.id);
    const colours = { "--from": from, "--to": to } as React.CSSProperties;
    return (
      <div className={styles.drawn} style={colours} data-shape={shape} aria-hidden="true">
        {shape === "wide" && <span>{title.title}</span>}
      </div>
    );
  }
  return (
    <img
      className={styles.image}
      src={artwork.url}
      alt=""
      data-tall={isTall(artwork)}
      data-shown={shown}
      loading={eager ? "eager" : "lazy"}
      fetchPriority={eager ? "high" : "auto"}
      decoding="async"
      onLoad={() => setShown(true)}
      onError={() => setBroken(true)}
    />
  );
}
