import type { Profile } from "../session/session.tsx";
import styles from "./avatar.module.css";
import { faces, type Face } from "./faces.ts";

/** The picture that the platform names and this player draws. */
export function Avatar({ name }: { name: Profile["avatar"] }) {
  const face: Face = faces[name] ?? faces.fox;
  return (
    <svg className={styles.avatar} viewBox="0 0 100 100" aria-hidden="true">
      <rect width="100" height="100" fill={face.ground} />
      <g fill={face.skin}>
        {face.ears && <path d={face.ears} />}
        <path d={face.head} />
      </g>
      {face.patches?.map(([path, colour]) => (
        <path key={path} d={path} fill={colour} />
      ))}
      <g fill={face.ink}>
        <circle cx={50 - face.eyes} cy="56" r="4.5" />
        <circle cx={50 + face.eyes} cy="56" r="4.5" />
        <path d={face.nose} stroke={face.ink} strokeWidth="2.5" strokeLinejoin="round" />
      </g>
    </svg>
  );
}
