import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHome, flix, type Home } from "../testing/flix.ts";
import { isNoun, registry } from "./registry.ts";
import { version } from "./version.ts";

const commands = Object.entries(registry).flatMap(([name, entry]) =>
  isNoun(entry)
    ? Object.entries(entry.verbs).map(([verb, { summary }]) => ({ words: [name, verb], summary }))
    : [{ words: [name], summary: entry.summary }],
);

describe("help", () => {
  test.for(commands)(
    "flix $words has a summary, examples that name it, and --json",
    async ({ words, summary }) => {
      const { exitCode, stdout, stderr } = await flix([...words, "--help"]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain(`Usage: flix ${words.join(" ")} `);
      expect(stdout).toContain(summary);
      expect(stdout).toMatch(new RegExp(`Examples:\\n {2}# .+\\n {2}\\$ flix ${words.join(" ")}`));
      expect(stdout).toContain("--json");
      expect(stdout.slice(stdout.indexOf("Global options:"))).not.toContain("\nOptions:");
    },
  );

  test("flix --help lists every noun, the environment and the exit codes", async () => {
    const { stdout } = await flix(["--help"]);
    for (const [name, { summary }] of Object.entries(registry)) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, "m"));
    }
    expect(stdout).toContain("FLIX_CLIENT_SECRET");
    expect(stdout).toMatch(/0 done +1 failed +2 wrong usage +4 not signed in +130 interrupted/);
  });

  test("help of a noun lists its verbs, and `flix help` finds the same page", async () => {
    const [noun, option, asked] = await Promise.all([
      flix(["titles"]),
      flix(["titles", "--help"]),
      flix(["help", "titles"]),
    ]);
    expect(noun.stdout).toContain("publish     Publish a title");
    expect(noun.exitCode).toBe(0);
    expect(option.stdout).toBe(noun.stdout);
    expect(asked.stdout).toBe(noun.stdout);
  });

  test("--version prints the package's version", async () => {
    expect(await flix(["--version"])).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });
});

describe("what is loaded", () => {
  let home: Home;
  beforeAll(async () => (home = await createHome()));
  afterAll(() => home.remove());

  async function loadedBy(args: string[]): Promise<string> {
    const list = join(home.folder, `loaded-${args.join("-")}`);
    const preload = join(import.meta.dirname, "../testing/list-loaded.mjs");
    const { exitCode } = await flix(args, {
      env: { NODE_OPTIONS: `--import=${preload}`, FLIX_TEST_LOADED: list },
    });
    expect(exitCode).toBe(0);
    const urls = (await readFile(list, "utf8")).split("\n").filter((url) => url.startsWith("file:"));
    const sources = await Promise.all(urls.map((url) => readFile(fileURLToPath(url), "utf8")));
    return sources.join("\n");
  }

  // A method and a spinner's name, which no bundler renames.
  const sdk = "createTitle";
  const sdkPath = "/v1/titles/{title_id}/publish";
  const parser = "excessArguments";

  test("--version loads neither parser nor SDK", async () => {
    const loaded = await loadedBy(["--version"]);
    expect(loaded).not.toContain(parser);
    expect(loaded).not.toContain(sdk);
  });

  test.for([["--help"], ["titles", "publish", "--help"], ["api", "--help"], ["ingest", "--help"]])(
    "%s loads the parser, but not the SDK, the prompts or the spinner",
    async (args) => {
      const loaded = await loadedBy(args);
      expect(loaded).toContain(parser);
      expect(loaded).not.toContain(sdkPath);
      expect(loaded).not.toContain("cli-spinners");
      expect(loaded).not.toContain("@inquirer/core");
    },
  );
});
