import { encode } from "../src/index.ts";

/** An encode as a process of its own, for tests that kill one: `encode-process.ts <input> <work folder>`. A line says each stage. */
const [input = "", workDir = ""] = process.argv.slice(2);
await encode({
  input,
  workDir,
  preset: "slower",
  onProgress: ({ stage, stageFraction }) => {
    if (stageFraction > 0 && stageFraction < 1) console.log(stage);
  },
});
