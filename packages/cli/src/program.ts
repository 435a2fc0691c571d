import { Argument, Command as Parser, CommanderError, Option } from "commander";
import type { Command } from "./command.ts";
import { usageError } from "./errors.ts";
import { describeExamples, describeRoot } from "./help.ts";
import type { Host } from "./host.ts";
import { flagOf, type Parameter } from "./parameters.ts";
import { groups, isNoun, registry, type Leaf } from "./registry.ts";
import type { GlobalOptions } from "./target.ts";
import { version } from "./version.ts";

export type Parsed =
  | { help: string }
  | { command: Command; values: Record<string, unknown>; globals: GlobalOptions };

/** Reads the command line with commander. Of all commands only the one that is named is loaded. */
export async function parse(argv: readonly string[], host: Host): Promise<Parsed> {
  const words = asHelpOption(argv);
  const path = namesOf(words);
  let help = "";
  let parsed: Parsed | undefined;
  const root = new Parser("flix").exitOverride().configureOutput({
    writeOut: (text) => (help += text),
    writeErr: (text) => (help += text),
    outputError: () => {},
    getOutHelpWidth: () => (host.stdout.isTTY ? host.stdout.columns : 100),
    getErrHelpWidth: () => 100,
  });
  describeRoot(root);
  root.version(version, "-V, --version", "Print the version").helpOption("-h, --help", "Print help");
  for (const option of globalOptions()) root.addOption(option);
  const chosen = (command: Command, values: Record<string, unknown>, globals: GlobalOptions) => {
    parsed = { command, values, globals };
  };
  await addCommands(root, path, chosen);
  try {
    await root.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const file = misreadFile(error);
    if (file !== undefined)
      return parse(
        words.map((word) => (word === file ? `./${word}` : word)),
        host,
      );
    if (!isHelp(error)) throw explain(error, path);
  }
  return parsed ?? { help };
}

type Choose = (command: Command, values: Record<string, unknown>, globals: GlobalOptions) => void;

async function addCommands(root: Parser, [first, second]: readonly string[], choose: Choose): Promise<void> {
  for (const [name, entry] of Object.entries(registry)) {
    const parser = root.command(name).description(entry.summary).helpGroup(groups[entry.group]);
    if (!isNoun(entry)) {
      if (name === first) await load(parser, entry, choose);
      continue;
    }
    parser.usage("<command> [options]").helpCommand(false);
    if (name !== first) continue;
    for (const [verb, leaf] of Object.entries(entry.verbs)) {
      const child = parser.command(verb).description(leaf.summary);
      if (verb === second) await load(child, leaf, choose);
    }
  }
}

async function load(parser: Parser, leaf: Leaf, choose: Choose): Promise<void> {
  const command = await leaf.load();
  for (const [key, parameter] of Object.entries(command.arguments))
    parser.addArgument(argumentOf(key, parameter));
  for (const [key, parameter] of Object.entries(command.options)) parser.addOption(optionOf(key, parameter));
  // Commander puts a group that holds nothing but `--help` below the others.
  const own = Object.keys(command.options).length > 0;
  parser.addHelpOption(
    new Option("-h, --help", "Print help").helpGroup(own ? "Options:" : "Global options:"),
  );
  for (const option of globalOptions()) parser.addOption(option.helpGroup("Global options:"));
  if (command.details) parser.description(`${leaf.summary}.\n\n${command.details}`);
  parser.addHelpText("after", describeExamples(command.examples));
  parser.action(() => choose(command, readValues(command, parser), parser.optsWithGlobals<GlobalOptions>()));
}

function globalOptions(): Option[] {
  return [
    new Option("--json", "Print JSON: data on stdout, an error on stderr"),
    new Option("--server <url>", "The platform's address (FLIX_SERVER)"),
    new Option("--context <name>", "A saved context instead of the current one (FLIX_CONTEXT)"),
    new Option("--token <token>", "An access token (FLIX_TOKEN)"),
  ];
}

function argumentOf(key: string, { presence, summary, placeholder = key }: Parameter<unknown>): Argument {
  if (presence === "several") return new Argument(`<${placeholder}...>`, summary);
  const name = presence === "repeated" ? `${placeholder}...` : placeholder;
  return new Argument(presence === "required" ? `<${name}>` : `[${name}]`, summary);
}

/** Commander only collects the words of an option; what they mean is the parameter's own matter. */
function optionOf(key: string, { short, placeholder, presence, summary }: Parameter<unknown>): Option {
  const flags = `${short ? `-${short}, ` : ""}${flagOf(key)}${placeholder ? ` <${placeholder}>` : ""}`;
  const option = new Option(flags, presence === "required" ? `${summary} (required)` : summary);
  if (presence === "switch") return option;
  return option.argParser((word: string, before: string[] | undefined) => [...(before ?? []), word]);
}

function readValues(command: Command, parser: Parser): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  Object.entries(command.arguments).forEach(([key, parameter], index) => {
    values[key] = parameter.read(wordsOf(parser.processedArgs[index]), `<${parameter.placeholder ?? key}>`);
  });
  const given = parser.opts<Record<string, unknown>>();
  for (const [key, parameter] of Object.entries(command.options)) {
    values[key] = parameter.read(wordsOf(given[key]), flagOf(key));
  }
  return values;
}

/** Commander gives an option's words as `optionOf` collected them, a switch as true, an argument as a word or words. */
function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((word) => typeof word === "string");
  if (typeof value === "string") return [value];
  return value === true ? ["true"] : [];
}

/** `flix help titles list` is `flix titles list --help`. */
function asHelpOption(argv: readonly string[]): string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
}

/** The noun and the verb: the first words that are neither an option nor the value of a global one. */
function namesOf(words: readonly string[]): string[] {
  const names: string[] = [];
  for (let index = 0; index < words.length && names.length < 2; index++) {
    const word = words[index] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-")) names.push(word);
    else if (/^--(server|context|token)$/.test(word)) index++;
  }
  return names;
}

/** `flix ingest -y.mp4`: a name with an extension after one dash is a file's, not an option's. */
function misreadFile({ code, message }: CommanderError): string | undefined {
  if (code !== "commander.unknownOption") return undefined;
  return /unknown option '(-[^-'][^'=]*\.\w+)'/.exec(message)?.[1];
}

function isHelp({ code }: CommanderError): boolean {
  return ["commander.helpDisplayed", "commander.help", "commander.version"].includes(code);
}

function explain({ message }: CommanderError, path: readonly string[]): Error {
  const [first = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const known = namesKnown(path);
  const help = `See \`${["flix", ...known, "--help"].join(" ")}\`.`;
  const meant = /^\(Did you mean (.+)\?\)$/.exec(suggestion ?? "")?.[1];
  return usageError(first, meant ? `Did you mean ${meant}? ${help}` : help);
}

function namesKnown([first, second]: readonly string[]): string[] {
  const entry = Object.entries(registry).find(([name]) => name === first)?.[1];
  if (!entry || first === undefined) return [];
  if (!isNoun(entry) || second === undefined || !(second in entry.verbs)) return [first];
  return [first, second];
}
