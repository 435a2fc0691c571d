import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/main.ts"],
  format: "esm",
  target: "node22",
  platform: "node",
  splitting: true,
  clean: true,
  // The contract is part of the program, other packages are installed beside it.
  noExternal: ["@flix/openapi"],
  esbuildOptions(options) {
    options.conditions = ["@flix/source"];
  },
  dts: process.env["FLIX_DTS"] === "1" ? { entry: "src/index.ts" } : false,
});
