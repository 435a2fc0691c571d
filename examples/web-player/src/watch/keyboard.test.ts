import { expect, test } from "vitest";
import { commandOf } from "./keyboard.ts";

const plain = { ctrlKey: false, metaKey: false, altKey: false, onControl: false };
const press = (key: string, facts: Partial<typeof plain> = {}) => commandOf({ key, ...plain, ...facts });

test("Keys do what viewers know from other players", () => {
  expect(press(" ")).toEqual({ do: "toggle-play" });
  expect(press("K")).toEqual({ do: "toggle-play" });
  expect(press("ArrowLeft")).toEqual({ do: "skip", seconds: -10 });
  expect(press("l")).toEqual({ do: "skip", seconds: 10 });
  expect(press("ArrowUp")).toEqual({ do: "volume", by: 0.1 });
  expect(press("m")).toEqual({ do: "toggle-mute" });
  expect(press("f")).toEqual({ do: "toggle-fullscreen" });
  expect(press("c")).toEqual({ do: "toggle-text" });
  expect(press("n")).toEqual({ do: "next-episode" });
  expect(press("s")).toEqual({ do: "skip-marker" });
  expect(press("7")).toEqual({ do: "jump", fraction: 0.7 });
  expect(press("Tab")).toBeUndefined();
});

test("Shortcuts of the browser stay the browser's, and Space on a focused button is the button's", () => {
  expect(press("f", { ctrlKey: true })).toBeUndefined();
  expect(press("ArrowLeft", { altKey: true })).toBeUndefined();
  expect(press("m", { metaKey: true })).toBeUndefined();
  expect(press(" ", { onControl: true })).toBeUndefined();
  expect(press("k", { onControl: true })).toEqual({ do: "toggle-play" });
});
