/** The page that an address names. */
export type Route =
  | { page: "welcome" }
  | { page: "callback" }
  | { page: "browse" }
  | { page: "my-list" }
  | { page: "search"; q: string }
  | { page: "account"; returnTo?: string }
  | { page: "title"; titleId: string }
  | { page: "watch"; titleId: string }
  | { page: "missing" };

/** Reads an address; the server answers the page for these paths and no others. */
export function matchRoute({ pathname, search }: Pick<URL, "pathname" | "search">): Route {
  const [first = "", second = "", ...rest] = pathname.split("/").slice(1);
  const titleId = decodeSegment(second);
  if (rest.length > 0) return { page: "missing" };
  if (second === "") {
    switch (first) {
      case "":
        return { page: "welcome" };
      case "callback":
      case "browse":
      case "my-list":
        return { page: first };
      case "account":
        return { page: "account", ...returnToOf(search) };
      case "search":
        return { page: "search", q: new URLSearchParams(search).get("q") ?? "" };
      default:
        return { page: "missing" };
    }
  }
  if (first === "titles") return { page: "title", titleId };
  if (first === "watch") return { page: "watch", titleId };
  return { page: "missing" };
}

/** The account page, which goes on to `returnTo` once a plan is chosen. */
export function accountPath(returnTo?: string): string {
  return returnTo === undefined ? "/account" : `/account?${new URLSearchParams({ returnTo }).toString()}`;
}

/** Only to what plays: an address from outside must not lead anywhere else. */
function returnToOf(search: string): { returnTo?: string } {
  const returnTo = new URLSearchParams(search).get("returnTo");
  return returnTo !== null && /^\/watch\/[^/]+$/.test(returnTo) ? { returnTo } : {};
}

export function titlePath(titleId: string): string {
  return `/titles/${encodeURIComponent(titleId)}`;
}

export function watchPath(titleId: string): string {
  return `/watch/${encodeURIComponent(titleId)}`;
}

export function searchPath(q: string): string {
  return q === "" ? "/search" : `/search?${new URLSearchParams({ q }).toString()}`;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
