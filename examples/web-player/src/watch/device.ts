import type { Input } from "@flix/sdk";

const key = "flix.device";

/** This browser, to the platform: an id that it keeps, and a name that its owner knows it by. */
export function thisDevice(
  storage: Pick<Storage, "getItem" | "setItem"> = localStorage,
  agent: string = navigator.userAgent,
): Input<"createPlaybackSession">["body"]["device"] {
  const id = storage.getItem(key) ?? crypto.randomUUID();
  storage.setItem(key, id);
  return { id, name: deviceName(agent), kind: "web" };
}

// Each browser also names the ones before it in this list, or after which it calls itself.
const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** `Firefox on Linux`. */
export function deviceName(agent: string): string {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const system = find(systems);
  return [find(browsers) ?? "A browser", ...(system === undefined ? [] : [`on ${system}`])].join(" ");
}
