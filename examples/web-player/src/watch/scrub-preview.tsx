import { formatClock } from "../title/facts.ts";
import styles from "./scrub-bar.module.css";
import { thumbnailAt, type Thumbnail } from "./thumbnails.ts";

interface Props {
  seconds: number;
  /** From the left end of the bar, as CSS. */
  place: string;
  thumbnails: Thumbnail[];
  rewrite: (url: string) => string;
}

/** The picture and the time under the pointer, kept within the bar. */
export function ScrubPreview({ seconds, place, thumbnails, rewrite }: Props) {
  const thumbnail = thumbnailAt(thumbnails, seconds);
  const half = (thumbnail?.width ?? 60) / 2;
  return (
    <div
      className={styles.preview}
      style={{ left: `clamp(${half}px, ${place}, calc(100% - ${half}px))` }}
      aria-hidden="true"
    >
      {thumbnail && (
        <div
          className={styles.picture}
          style={{
            width: thumbnail.width,
            height: thumbnail.height,
            backgroundImage: `url("${rewrite(thumbnail.url)}")`,
            backgroundPosition: `-${thumbnail.x}px -${thumbnail.y}px`,
          }}
        />
      )}
      <span>{formatClock(seconds)}</span>
    </div>
  );
}
