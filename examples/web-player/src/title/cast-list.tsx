import type { Title } from "../artwork/artwork.ts";
import styles from "./title-page.module.css";

type Role = Title["cast"][number]["role"];

const roles: [Role, string][] = [
  ["director", "Directed by"],
  ["writer", "Written by"],
  ["actor", "With"],
  ["composer", "Music"],
  ["producer", "Produced by"],
  ["other", "Also"],
];
const mostNames = 6;

export function CastList({ cast }: { cast: Title["cast"] }) {
  const lines = roles
    .map(([role, label]) => ({
      label,
      names: cast.filter((member) => member.role === role).map(({ name }) => name),
    }))
    .filter(({ names }) => names.length > 0);
  if (lines.length === 0) return null;
  return (
    <dl className={styles.cast}>
      {lines.map(({ label, names }) => (
        <div key={label} style={{ display: "contents" }}>
          <dt>{label}</dt>
          <dd>{names.slice(0, mostNames).join(", ")}</dd>
        </div>
      ))}
    </dl>
  );
}
