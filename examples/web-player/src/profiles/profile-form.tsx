import { useState, type FormEvent } from "react";
import { createProfile, deleteProfile, updateProfile, type FlixError, type Input } from "@flix/sdk";
import { asFlixError } from "../load.ts";
import { ProblemNote } from "../problem/problem-panel.tsx";
import { useSession, type Account, type Profile } from "../session/session.tsx";
import { AvatarChoice } from "./avatar-choice.tsx";
import { readProfileForm, shownLimit, unusedAvatar } from "./profile-fields.ts";
import { MaturityField } from "./maturity-field.tsx";
import styles from "./profiles-page.module.css";

interface Props {
  account: Account;
  /** All of the account's. */
  profiles: Profile[];
  /** Left out for a new one. */
  profile: Profile | undefined;
  onDone: () => void;
}

export function ProfileForm({ account, profiles, profile, onDone }: Props) {
  const { client, restore } = useSession();
  const [error, setError] = useState<FlixError>();
  const [isChild, setChild] = useState(profile?.is_child ?? false);
  const run = async (change: () => Promise<unknown>) => {
    setError(undefined);
    try {
      await change();
      await restore();
      onDone();
    } catch (failure) {
      setError(asFlixError(failure));
    }
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body: Input<"createProfile">["body"] = readProfileForm(new FormData(event.currentTarget));
    void run(() =>
      profile
        ? updateProfile(client, { profile_id: profile.id, etag: profile.etag, body })
        : createProfile(client, { account_id: account.id, body }),
    );
  };
  return (
    <main className={styles.page}>
      <h1 className={styles.heading}>{profile ? "Edit profile" : "Add profile"}</h1>
      <form className={styles.form} onSubmit={save}>
        <label className="field">
          Name
          <input name="name" required maxLength={100} defaultValue={profile?.name} autoComplete="off" />
        </label>
        <AvatarChoice chosen={profile?.avatar ?? unusedAvatar(profiles)} />
        <label className={styles.check}>
          <input
            type="checkbox"
            name="is_child"
            checked={isChild}
            onChange={(event) => setChild(event.target.checked)}
          />
          A child watches with this profile
        </label>
        <MaturityField
          key={String(isChild)}
          limit={shownLimit(profile?.maturity_limit, isChild)}
          isChild={isChild}
        />
        <ProblemNote error={error} />
        <div className={styles.actions}>
          <button type="submit" className="button primary">
            Save
          </button>
          <button type="button" className="button" onClick={onDone}>
            Cancel
          </button>
          {profile && (
            <button
              type="button"
              className="button danger"
              onClick={() => void run(() => deleteProfile(client, { profile_id: profile.id }))}
            >
              Delete profile
            </button>
          )}
        </div>
      </form>
    </main>
  );
}
