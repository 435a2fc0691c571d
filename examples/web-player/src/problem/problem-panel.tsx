import type { ReactNode } from "react";
import type { FlixError } from "@flix/sdk";
import { Link } from "../routes/link.tsx";
import { accountPath } from "../routes/route.ts";
import styles from "./problem-panel.module.css";
import { referenceOf, wordsOf } from "./words.ts";

interface Props {
  error: FlixError;
  onRetry?: (() => void) | undefined;
  retryLabel?: string;
  children?: ReactNode;
}

/** A failure that takes the place of what should be here. */
export function ProblemPanel({ error, onRetry, retryLabel = "Try again", children }: Props) {
  const { title, text, action } = wordsOf(error);
  return (
    <section className={styles.panel} role="alert">
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.text}>{text}</p>
      {children}
      <div className={styles.actions}>
        {action && (
          <Link href={hrefOf(action.href)} className="button primary">
            {action.label}
          </Link>
        )}
        {onRetry && !action && (
          <button type="button" className="button primary" onClick={onRetry}>
            {retryLabel}
          </button>
        )}
      </div>
      <p className={styles.reference}>{referenceOf(error)}</p>
    </section>
  );
}

/** Who needs a plan for a film gets to the film afterwards. */
function hrefOf(href: string): string {
  return href === accountPath() ? accountPath(location.pathname) : href;
}

/** A failure beside a form, which stays. */
export function ProblemNote({ error }: { error: FlixError | undefined }) {
  if (!error) return null;
  const { title, text } = wordsOf(error);
  return (
    <p className={styles.note} role="alert">
      <strong>{title}.</strong> {error.errors[0]?.message ?? text}
    </p>
  );
}
