import { finishSignIn, startSignIn } from "@flix/sdk";

/** Signs a viewer in through the pages that a browser is shown; answers the access token. */
export async function signIn(server: string, email: string, password: string): Promise<string> {
  const application = { server, clientId: "flix-player", redirectUri: `${server}/callback` };
  const started = await startSignIn(application);
  const cookies = new Map<string, string>();
  const page = await follow(await ask(started.url, cookies), cookies);
  const form = formOf(await page.text());
  const body = new URLSearchParams({ ...form.fields, email, password });
  const landed = await follow(await ask(new URL(form.action, server).href, cookies, body), cookies);
  const { accessToken } = await finishSignIn({ ...application, ...started, callbackUrl: landed.url });
  return accessToken;
}

/** Redirects are followed here, since `fetch` keeps no cookies; the one that leads out of the sign-in is the end. */
async function follow(answer: Answer, cookies: Map<string, string>): Promise<Answer> {
  const location = answer.headers.get("location");
  if (location === null) return answer;
  const next = new URL(location, answer.url);
  if (next.pathname === "/callback") return { url: next.href, headers: new Headers(), text: async () => "" };
  return follow(await ask(next.href, cookies), cookies);
}

type Answer = Pick<Response, "url" | "headers" | "text">;

async function ask(url: string, cookies: Map<string, string>, body?: URLSearchParams): Promise<Answer> {
  const headers = {
    accept: "text/html",
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
  };
  const sameOrigin = { origin: new URL(url).origin, "sec-fetch-site": "same-origin" };
  const answer = await fetch(url, {
    redirect: "manual",
    headers: body === undefined ? headers : { ...headers, ...sameOrigin },
    ...(body === undefined ? {} : { method: "POST", body }),
  });
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
  return answer;
}

function formOf(markup: string): { action: string; fields: Record<string, string> } {
  const action = /<form method="post" action="([^"]+)"/.exec(markup)?.[1];
  if (action === undefined) throw new Error(`No form on the page: ${markup.slice(0, 2_000)}`);
  const inputs = markup.matchAll(/<input\s[^>]*?name="(\w+)"[^>]*?value="([^"]*)"/g);
  const fields = Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, value]));
  return { action, fields };
}
