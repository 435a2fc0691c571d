import { expect, test } from "vitest";
import { createScreen } from "../testing/screen.ts";
import { openLiveRegion } from "./live-region.ts";

test("what is drawn takes the place of what was, notes stay above it, and nothing of it is left in the end", () => {
  const screen = createScreen();
  const region = openLiveRegion(screen);
  region.draw(["one  1%", "two  1%"]);
  region.draw(["one  2%", "two  2%", "three"]);
  expect(screen.lines()).toEqual(["one  2%", "two  2%", "three"]);
  region.note("four failed");
  region.draw(["one  3%"]);
  expect(screen.lines()).toEqual(["four failed", "one  3%"]);
  // As a terminal echoes Ctrl-C.
  screen.write("^C");
  region.erase();
  expect(screen.lines()).toEqual(["four failed"]);
});
