import { expect, test } from "vitest";
import { deviceName, thisDevice } from "./device.ts";
import { chosenEngine, rememberEngine } from "./engine-choice.ts";
import { chooseManifest } from "./engine.ts";
import { readPreferences, savePreferences } from "./preferences.ts";

function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}

test("A browser keeps its device id, in the form that the contract takes", () => {
  const storage = memoryStorage();
  const first = thisDevice(storage, "");
  expect(first.id).toMatch(/^[\x21-\x7e]{1,128}$/);
  expect(thisDevice(storage, "").id).toBe(first.id);
  expect(thisDevice(memoryStorage(), "").id).not.toBe(first.id);
});

test("A device is named as its owner knows it", () => {
  const agents = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150 Safari/537.36 Edg/150":
      "Edge on Windows",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150 Mobile Safari/537.36":
      "Chrome on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 (KHTML) Version/19 Safari/604":
      "Safari on iOS",
    "": "A browser",
  };
  for (const [agent, name] of Object.entries(agents)) expect(deviceName(agent)).toBe(name);
});

test("What a viewer set is there the next time, and what is broken counts as not set", () => {
  const storage = memoryStorage();
  expect(readPreferences(storage)).toEqual({ volume: 1, muted: false });
  savePreferences({ volume: 0.4, textLanguage: "de" }, storage);
  savePreferences({ muted: true }, storage);
  expect(readPreferences(storage)).toEqual({ volume: 0.4, muted: true, textLanguage: "de" });
  savePreferences({ textLanguage: undefined }, storage);
  expect(readPreferences(storage).textLanguage).toBeUndefined();
  for (const text of ["", "{", "null", '{"volume":7,"muted":"yes","audioLanguage":3}']) {
    storage.setItem("flix.preferences", text);
    expect(readPreferences(storage)).toEqual({ volume: 1, muted: false });
  }
});

test("shaka-player plays unless the address asked for hls.js, which then stays for the tab", () => {
  const storage = memoryStorage();
  expect(chosenEngine(storage)).toBe("shaka");
  rememberEngine("?player=hls", storage);
  rememberEngine("?player=flash", storage);
  rememberEngine("", storage);
  expect(chosenEngine(storage)).toBe("hls");
  rememberEngine("?player=shaka", storage);
  expect(chosenEngine(storage)).toBe("shaka");
});

test("Each engine gets a manifest that it plays", () => {
  const hls = { protocol: "hls", url: "a.m3u8" } as const;
  const dash = { protocol: "dash", url: "a.mpd" } as const;
  expect(chooseManifest("shaka", [hls, dash])).toBe(dash);
  expect(chooseManifest("shaka", [hls])).toBe(hls);
  expect(chooseManifest("hls", [dash, hls])).toBe(hls);
  expect(chooseManifest("hls", [dash])).toBeUndefined();
});
