import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  // Node, browsers and workers load the same file.
  platform: "neutral",
  target: "es2022",
  treeshake: true,
  clean: true,
  // Slow, so only a release asks for them. The path makes the contract's types part of ours: @flix/openapi is not published.
  dts:
    process.env["FLIX_DTS"] === "1"
      ? { compilerOptions: { paths: { "@flix/openapi": ["../../openapi/generated/types.ts"] } } }
      : false,
});
