import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import {
  createClient,
  FlixError,
  getAccount,
  getWhoami,
  isFlixError,
  listProfiles,
  refreshTokens,
  signOut as revokeSignIn,
  type Client,
  type Item,
  type Output,
  type Tokens,
} from "@flix/sdk";
import { asFlixError } from "../load.ts";
import { clientId } from "./sign-in.ts";
import { createTokenStore } from "./token-store.ts";

export type Account = Output<"getAccount">;
export type Profile = Item<"listProfiles">;

export type Session =
  | { state: "restoring" }
  | { state: "signed-out" }
  | { state: "failed"; error: FlixError }
  | { state: "signed-in"; account: Account; profiles: Profile[]; profile: Profile | undefined };

interface SessionContext {
  client: Client;
  session: Session;
  accept(tokens: Tokens): Promise<void>;
  restore(): Promise<void>;
  chooseProfile(profile: Profile | undefined): void;
  signOut(): Promise<void>;
}

const store = createTokenStore(sessionStorage);
const client = createClient({ server: location.origin, tokenProvider: refreshTokens({ clientId, store }) });
const profileKey = "flix.profile";
const Context = createContext<SessionContext | undefined>(undefined);

/** Who is signed in, and who watches. Everything below may ask for it. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: "restoring" });
  const restore = useCallback(async () => setSession(await readSession()), []);
  useEffect(() => {
    void readSession().then(setSession);
  }, []);
  const value = useMemo<SessionContext>(
    () => ({
      client,
      session,
      restore,
      async accept(tokens) {
        await store.write(tokens);
        await restore();
      },
      chooseProfile(profile) {
        if (profile) sessionStorage.setItem(profileKey, profile.id);
        else sessionStorage.removeItem(profileKey);
        setSession((last) => (last.state === "signed-in" ? { ...last, profile } : last));
      },
      async signOut() {
        const refreshToken = store.clear();
        sessionStorage.removeItem(profileKey);
        setSession({ state: "signed-out" });
        // The tab has forgotten it; where the platform cannot be reached, it ends by its age.
        if (refreshToken !== undefined) {
          await revokeSignIn({ server: location.origin, clientId, refreshToken }).catch(() => undefined);
        }
        location.assign("/");
      },
    }),
    [session, restore],
  );
  return <Context value={value}>{children}</Context>;
}

export function useSession(): SessionContext {
  const context = use(Context);
  if (!context) throw new Error("useSession stands outside of SessionProvider");
  return context;
}

/** For pages behind the sign-in and the choice of a profile. */
export function useViewer(): { client: Client; account: Account; profile: Profile } {
  const { client, session } = useSession();
  if (session.state !== "signed-in" || !session.profile)
    throw new Error("useViewer stands outside of its gate");
  return { client, account: session.account, profile: session.profile };
}

async function readSession(): Promise<Session> {
  if ((await store.read()) === undefined) return { state: "signed-out" };
  try {
    const { kind, id: account_id } = await getWhoami(client);
    if (kind !== "account") throw new FlixError("not_a_viewer", "This sign-in is not a viewer's");
    const [account, profiles] = await Promise.all([
      getAccount(client, { account_id }),
      listProfiles(client, { account_id }),
    ]);
    const profile = profiles.data.find(({ id }) => id === sessionStorage.getItem(profileKey));
    return { state: "signed-in", account, profiles: profiles.data, profile };
  } catch (error) {
    if (!endsSignIn(error)) return { state: "failed", error: asFlixError(error) };
    store.clear();
    return { state: "signed-out" };
  }
}

/** The platform no longer takes this sign-in: it was revoked, or is too old. */
export function endsSignIn(error: unknown): boolean {
  return isFlixError(error) && ["invalid_grant", "invalid_token", "signed_out"].includes(error.code);
}
