import { useState } from "react";
import { Icon } from "../artwork/icon.tsx";
import { navigate, useRoute } from "../routes/history.ts";
import { Wordmark } from "../shell/wordmark.tsx";
import { useSession, type Profile } from "../session/session.tsx";
import { Avatar } from "./avatar.tsx";
import { ProfileForm } from "./profile-form.tsx";
import styles from "./profiles-page.module.css";

const mostProfiles = 5;

type View = { view: "choose" } | { view: "manage" } | { view: "edit"; profile: Profile | undefined };

/** Stands before every page until somebody says who watches. */
export function ProfilesPage() {
  const { session, chooseProfile, signOut } = useSession();
  const route = useRoute();
  const [view, setView] = useState<View>({ view: "choose" });
  if (session.state !== "signed-in") return null;
  const { profiles, account } = session;
  if (view.view === "edit") {
    return (
      <ProfileForm
        account={account}
        profiles={profiles}
        profile={view.profile}
        onDone={() => setView({ view: "choose" })}
      />
    );
  }
  const managing = view.view === "manage";
  const pick = (profile: Profile) => {
    if (managing) return setView({ view: "edit", profile });
    chooseProfile(profile);
    // Where the address names a page already, it now shows.
    if (route.page === "welcome") navigate("/browse", { replace: true });
  };
  return (
    <main className={styles.page}>
      <Wordmark />
      <h1 className={styles.heading}>{managing ? "Manage profiles" : "Who’s watching?"}</h1>
      <ul className={styles.profiles}>
        {profiles.map((profile) => (
          <li key={profile.id}>
            <ProfileButton profile={profile} managing={managing} onPick={() => pick(profile)} />
          </li>
        ))}
        {profiles.length < mostProfiles && (
          <li>
            <button
              type="button"
              className={styles.profile}
              onClick={() => setView({ view: "edit", profile: undefined })}
            >
              <span className={styles.add}>
                <Icon name="plus" />
              </span>
              Add profile
            </button>
          </li>
        )}
      </ul>
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          onClick={() => setView({ view: managing ? "choose" : "manage" })}
        >
          {managing ? "Done" : "Manage profiles"}
        </button>
        <button type="button" className="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </main>
  );
}

function ProfileButton({
  profile,
  managing,
  onPick,
}: {
  profile: Profile;
  managing: boolean;
  onPick: () => void;
}) {
  return (
    <button
      type="button"
      className={styles.profile}
      onClick={onPick}
      aria-label={managing ? `Edit ${profile.name}` : profile.name}
    >
      <span className={styles.picture}>
        <Avatar name={profile.avatar} />
        {managing && (
          <span className={styles.edit}>
            <Icon name="edit" />
          </span>
        )}
      </span>
      <span className={styles.name}>
        {profile.name}
        {profile.is_child && <small>Child</small>}
      </span>
    </button>
  );
}
