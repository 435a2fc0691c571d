import { useEffect, useState, type ReactNode } from "react";
import { Avatar } from "../profiles/avatar.tsx";
import { Icon } from "../artwork/icon.tsx";
import { Link } from "../routes/link.tsx";
import { useRoute } from "../routes/history.ts";
import { useViewer } from "../session/session.tsx";
import styles from "./shell.module.css";
import { Wordmark } from "./wordmark.tsx";

/** The bar above every page but the player. Over artwork it is clear until the page scrolls. */
export function Shell({ children, overArtwork = false }: { children: ReactNode; overArtwork?: boolean }) {
  const { profile } = useViewer();
  const route = useRoute();
  const scrolled = useScrolled();
  const current = (page: string) => (route.page === page ? "page" : undefined);
  return (
    <>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <header className={styles.bar} data-solid={scrolled || !overArtwork}>
        <Link href="/browse" className={styles.brand} aria-label="flix, home">
          <Wordmark />
        </Link>
        <nav className={styles.nav} aria-label="Main">
          <Link href="/browse" className={styles.item} aria-current={current("browse")}>
            <Icon name="home" />
            <span>Home</span>
          </Link>
          <Link href="/search" className={styles.item} aria-current={current("search")}>
            <Icon name="search" />
            <span>Search</span>
          </Link>
          <Link href="/my-list" className={styles.item} aria-current={current("my-list")}>
            <Icon name="bookmark" />
            <span>My list</span>
          </Link>
          <Link href="/account" className={styles.item} aria-current={current("account")}>
            <Icon name="person" />
            <span>Account</span>
          </Link>
          <Link href="/" className={styles.profile} aria-label={`Switch profile, now ${profile.name}`}>
            <Avatar name={profile.avatar} />
          </Link>
        </nav>
      </header>
      <main id="content" tabIndex={-1} className={overArtwork ? undefined : styles.below}>
        {children}
      </main>
      <footer className={styles.footer}>
        <Wordmark />
        <p>Every film and series here, on your own platform.</p>
      </footer>
    </>
  );
}

function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const read = () => setScrolled(scrollY > 24);
    read();
    addEventListener("scroll", read, { passive: true });
    return () => removeEventListener("scroll", read);
  }, []);
  return scrolled;
}
