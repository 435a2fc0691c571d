import { linesOf } from "./flix.ts";
import type { RunningPlatform } from "./platform.ts";
import { createBrowser } from "./scriptless-browser.ts";

/** Runs `flix login` and agrees in a browser as the person of this address and password. */
export async function signIn(
  { url, run }: RunningPlatform,
  person: { email: string; password: string },
  env: Record<string, string>,
) {
  const login = run(["login", "--server", url, "--json"], { env });
  for await (const line of linesOf(login.stderr)) {
    await agree(JSON.parse(line).verification_uri, person);
    break;
  }
  return login;
}

async function agree(address: string, person: { email: string; password: string }): Promise<void> {
  const browser = createBrowser();
  const code = await browser.visit(address);
  const comparison = await browser.submit(code, {});
  const question = await browser.submit(comparison, { confirm: "yes" });
  const done = await browser.submit(question, person);
  if (!done.html.includes("You are signed in")) throw new Error(`Not signed in: ${done.html}`);
}
