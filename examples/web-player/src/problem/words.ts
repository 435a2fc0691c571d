import type { FlixError } from "@flix/sdk";

export interface ProblemWords {
  title: string;
  text: string;
  /** Where to go from here, since trying again would not help; without one, it may. */
  action?: { label: string; href: string };
}

const home = { label: "Back to home", href: "/browse" };

/** What a viewer reads instead of the contract's words, which speak to developers and operators. */
const known: Record<string, ProblemWords> = {
  not_entitled: {
    title: "Choose a plan to watch",
    text: "Your account has no active subscription. Pick a plan, and this starts to play right away.",
    action: { label: "See plans", href: "/account" },
  },
  maturity_blocked: {
    title: "Not for this profile",
    text: "This title is above the profile's age limit. Switch to another profile to watch it.",
    action: { label: "Switch profile", href: "/" },
  },
  territory_not_available: {
    title: "Not available where you are",
    text: "We do not have the rights to show this title in your country.",
    action: home,
  },
  title_not_available: {
    title: "This title is not available",
    text: "It has left, or it has not arrived yet.",
    action: home,
  },
  title_not_found: { title: "There is no such title", text: "The link may be old.", action: home },
  title_not_playable: {
    title: "Not ready to play yet",
    text: "This title is still being prepared. Come back in a little while.",
    action: home,
  },
  stream_limit_reached: {
    title: "All of your streams are in use",
    text: "Your plan plays on a limited number of devices at once. Stop one of them to watch here.",
  },
  playback_session_ended: {
    title: "Playback moved on",
    text: "This film was stopped from another tab or device, or paused for a long time.",
  },
  account_suspended: {
    title: "Your account is suspended",
    text: "Please ask our support what happened; they can restore it.",
  },
  payment_declined: {
    title: "The payment was declined",
    text: "Nothing was charged. Try another card.",
  },
  sign_up_closed: {
    title: "Accounts are by invitation",
    text: "Ask whoever runs this platform for an account, then sign in with it.",
  },
  subscription_exists: { title: "You have a plan already", text: "Reload the page to see it." },
  email_taken: { title: "You have an account already", text: "Sign in with this email address instead." },
  profile_limit_reached: { title: "Five profiles it is", text: "Delete one before you add another." },
  last_profile: { title: "One profile stays", text: "Add another profile before you delete this one." },
  my_list_full: { title: "Your list is full", text: "Take something off it first." },
  rate_limited: { title: "A moment, please", text: "That was a lot at once. Wait a few seconds." },
  network_error: { title: "You seem to be offline", text: "We cannot be reached. Check your connection." },
  timeout: { title: "This takes too long", text: "We did not answer in time. Check your connection." },
  access_denied: { title: "You did not sign in", text: "You can try again whenever you like." },
  state_mismatch: {
    title: "Let us start over",
    text: "This sign-in was begun elsewhere, or has ended already.",
  },
  insecure_page: {
    title: "This address is not secure",
    text: "Browsers sign in only over https, or on localhost. Open the page there.",
  },
  not_a_viewer: {
    title: "This is not a viewer's account",
    text: "Operators use the flix command. Sign out, then sign in with an account that watches.",
  },
};

export const knownCodes = Object.keys(known);

export function wordsOf(error: FlixError): ProblemWords {
  return (
    known[error.code] ?? {
      title: "Something went wrong",
      text:
        error.status !== undefined && error.status >= 500
          ? "It is on our side. Try again soon."
          : error.title,
    }
  );
}

/** What support needs to find the failure. */
export function referenceOf({ code, requestId }: FlixError): string {
  return requestId === undefined ? code : `${code} · ${requestId}`;
}
