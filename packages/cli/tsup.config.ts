import { chmod } from "node:fs/promises";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/main.ts"],
  format: ["esm"],
  platform: "node",
  target: "node22",
  splitting: true,
  treeshake: true,
  clean: true,
  // What every command needs is one chunk instead of many files. The server and the encoder find programs and migrations beside their
  // own files, so they stay packages.
  noExternal: ["commander", "ora", "@flix/sdk"],
  external: ["@flix/server", "@flix/encoder"],
  esbuildOptions: (options) => {
    options.conditions = ["@flix/source", "module"];
  },
  // Bundled CommonJS dependencies call require, which an ES module does not have.
  banner: {
    js: 'import { createRequire as flixCreateRequire } from "node:module"; const require = flixCreateRequire(import.meta.url);',
  },
  onSuccess: () => chmod("dist/main.js", 0o755),
});
