import { useEffect, useRef, useState } from "react";
import { Icon } from "../artwork/icon.tsx";
import type { CardItem } from "./rows.ts";
import { TitleCard } from "./title-card.tsx";
import styles from "./title-row.module.css";

interface Props {
  id: string;
  heading: string;
  items: CardItem[];
  /** Ends the row with a word about what is to come. */
  more?: boolean;
}

/** A row that scrolls sideways: by touch, wheel and keyboard on its own, and by buttons where a pointer hovers. */
export function TitleRow({ id, heading, items, more = false }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const { before, after, update } = useOverflow(list, items.length);
  const scroll = (direction: number) =>
    list.current?.scrollBy({ left: direction * list.current.clientWidth * 0.85, behavior: "smooth" });
  return (
    <section className={styles.row} aria-labelledby={`row-${id}`}>
      <h2 id={`row-${id}`} className={styles.heading}>
        {heading}
      </h2>
      <div className={styles.frame}>
        <ul ref={list} className={styles.list} onScroll={update}>
          {items.map((item) => (
            <li key={item.title.id}>
              {/* The heading says it once for the whole row. */}
              <TitleCard {...item} reason={item.reason === heading ? undefined : item.reason} />
            </li>
          ))}
          {more && (
            <li className={styles.more}>
              <p>New titles show up here as soon as they are published.</p>
            </li>
          )}
        </ul>
        {/* The keyboard reaches every card by itself; these are for a mouse without a wheel. */}
        <button
          type="button"
          className={styles.arrow}
          hidden={!before}
          tabIndex={-1}
          onClick={() => scroll(-1)}
        >
          <Icon name="left" />
          <span className="visually-hidden">Scroll back in {heading}</span>
        </button>
        <button
          type="button"
          className={styles.arrow}
          hidden={!after}
          tabIndex={-1}
          onClick={() => scroll(1)}
        >
          <Icon name="right" />
          <span className="visually-hidden">Scroll on in {heading}</span>
        </button>
      </div>
    </section>
  );
}

function useOverflow(list: React.RefObject<HTMLUListElement | null>, count: number) {
  const [overflow, setOverflow] = useState({ before: false, after: false });
  const update = () => {
    const element = list.current;
    if (!element) return;
    const { scrollLeft, clientWidth, scrollWidth } = element;
    setOverflow({ before: scrollLeft > 8, after: scrollLeft + clientWidth < scrollWidth - 8 });
  };
  useEffect(() => {
    update();
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
    // oxlint-disable-next-line react/exhaustive-deps -- measured anew when there are more or fewer cards.
  }, [count]);
  return { ...overflow, update };
}
