import { defineConfig } from "tsup";

/** Dependencies stay outside the bundle: the programs are found beside their packages. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node22",
  platform: "node",
  dts: process.env["FLIX_DTS"] === "1",
  clean: true,
  external: ["@flix/sdk"],
});
