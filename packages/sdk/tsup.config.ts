import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  // Node, browsers and workers load the same file.
  platform: "neutral",
  target: "es2022",
  treeshake: true,
  clean: true,
  // Slow, so only a release asks for them; the contract's types are inlined, since @flix/openapi is not published.
  dts: process.env["FLIX_DTS"] === "1" ? { resolve: ["@flix/openapi"] } : false,
});
