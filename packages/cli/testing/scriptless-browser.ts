/** A browser without scripts: it keeps cookies, follows redirects and sends a page's form. */
export function createBrowser() {
  const cookies = new Map<string, string>();

  async function visit(url: string, form?: URLSearchParams): Promise<Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      headers: { accept: "text/html", cookie },
      ...(form && { method: "POST", body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location !== null) return visit(new URL(location, url).href);
    return { url, html: await response.text() };
  }

  function submit({ url, html }: Page, filled: Record<string, string>): Promise<Page> {
    const action = /<form[^>]* action="([^"]*)"/.exec(html)?.[1];
    if (action === undefined) throw new Error(`No form at ${url}: ${html}`);
    const fields = new URLSearchParams();
    for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
      const name = attribute(tag, "name");
      if (name !== "") fields.set(name, attribute(tag, "value"));
    }
    for (const [name, value] of Object.entries(filled)) fields.set(name, value);
    return visit(new URL(action.replaceAll("&amp;", "&"), url).href, fields);
  }

  return { visit, submit };
}

export interface Page {
  url: string;
  html: string;
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}
