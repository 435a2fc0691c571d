import type { EngineName } from "./engine.ts";

const key = "flix.engine";

/** `?player=hls` on any page makes the tab play with hls.js from then on, `?player=shaka` with shaka-player. */
export function rememberEngine(search: string, storage: Storage = sessionStorage): void {
  const name = new URLSearchParams(search).get("player");
  if (name === "hls" || name === "shaka") storage.setItem(key, name);
}

export function chosenEngine(storage: Storage = sessionStorage): EngineName {
  return storage.getItem(key) === "hls" ? "hls" : "shaka";
}
