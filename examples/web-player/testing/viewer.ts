import type { Browser, Page } from "playwright-core";
import type { RunningPlatform } from "../../../packages/cli/testing/platform.ts";

export const password = "a long enough password";

/** Makes an account by `flix users create`; with a plan, it subscribes to it. Answers its email address. */
export async function createViewer(
  platform: RunningPlatform,
  { name, planId }: { name: string; planId?: string },
): Promise<string> {
  const email = `${name.toLowerCase()}@example.org`;
  const args = ["users", "create", "--email", email, "--name", name, "--country", "US", "--password-stdin"];
  const account = idOf(await platform.json(args, { input: password }));
  if (planId !== undefined) {
    const payment = ["--payment-method", "pm_card_visa"];
    await platform.json(["subscriptions", "create", "--account", account, "--plan", planId, ...payment]);
  }
  return email;
}

/** A device of its own: nothing that another page of this browser keeps is there. */
export async function openDevice(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

/** Signs in at an address of the player and chooses the account's first profile. */
export async function enterAs(page: Page, email: string, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Who’s watching?" }).waitFor();
  await page.getByRole("main").getByRole("listitem").first().getByRole("button").click();
}

/** Resolves once the film of the page plays beyond a point. */
export async function plays(page: Page, beyondSeconds = 0): Promise<void> {
  await page.waitForFunction((seconds) => {
    const video = document.querySelector("video");
    return video !== null && !video.paused && video.currentTime > seconds;
  }, beyondSeconds);
}

export function idOf(answer: unknown): string {
  if (typeof answer === "object" && answer !== null && "id" in answer && typeof answer.id === "string") {
    return answer.id;
  }
  throw new Error(`There is no id in ${JSON.stringify(answer)}`);
}
