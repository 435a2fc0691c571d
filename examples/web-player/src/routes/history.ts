import { useMemo, useSyncExternalStore } from "react";
import { matchRoute, type Route } from "./route.ts";

const moved = "flix:moved";

/** The page that the address bar names, now and after every move. */
export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => matchRoute(new URL(address, location.origin)), [address]);
}

/** Goes to a page of this application. `replace` leaves no entry to come back to. */
export function navigate(path: string, { replace = false }: { replace?: boolean } = {}): void {
  const samePage = new URL(path, location.href).pathname === location.pathname;
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  dispatchEvent(new Event(moved));
  if (!samePage) scrollTo(0, 0);
}

function subscribe(onMove: () => void): () => void {
  addEventListener("popstate", onMove);
  addEventListener(moved, onMove);
  return () => {
    removeEventListener("popstate", onMove);
    removeEventListener(moved, onMove);
  };
}
