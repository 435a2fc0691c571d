import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { country, languageTag, text } from "../../kinds.ts";
import { flag, optional, required } from "../../parameters.ts";
import { readSecret } from "../../secret-input.ts";
import { accountFields } from "./account-view.ts";

export const createAccount = defineCommand({
  details:
    "The password is asked for on a terminal, or read from standard input with --password-stdin; without one the account cannot sign in until it is set.",
  options: {
    email: required("address", text, "Email address"),
    name: required("name", text, "Name"),
    country: required("country", country, "Country of residence, such as US: it decides what may be watched"),
    language: optional("tag", languageTag, "Language, such as en"),
    passwordStdin: flag("Read the password from standard input"),
    ...dryRunOption,
  },
  examples: [
    {
      command: "flix users create --email ada@example.org --name 'Ada Lovelace' --country GB",
      does: "Asks for the password",
    },
    {
      command:
        "flix users create --email ada@example.org --name Ada --country GB --password-stdin < password",
      does: "From a script",
    },
  ],
  async run({ passwordStdin, dryRun, ...body }, { connect, host, output, signal }) {
    const password = await readSecret("Password, 8 characters or more", {
      fromStdin: passwordStdin,
      host,
      signal,
    });
    const flix = await connect();
    const account = await flix.createAccount({ validate_only: dryRun, body: { ...body, password } });
    output.record(account, accountFields);
    noteChange(output, dryRun, `Created ${account.email}.`);
  },
});
