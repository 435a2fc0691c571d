import type { Profile } from "../session/session.tsx";
import { Avatar } from "./avatar.tsx";
import { avatarNames } from "./profile-fields.ts";
import styles from "./profiles-page.module.css";

/** Radio buttons with faces; `avatar` in the form. */
export function AvatarChoice({ chosen }: { chosen: Profile["avatar"] }) {
  return (
    <fieldset className="field">
      <legend>Picture</legend>
      <div className={styles.avatars}>
        {avatarNames.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="avatar"
              value={name}
              defaultChecked={name === chosen}
              aria-label={name}
            />
            <Avatar name={name} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
