import { html, type Html } from "./html.ts";
import { styles } from "./styles.ts";

/** A whole page; it needs no script and loads nothing. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · flix</title>
        <style>
          ${styles}
        </style>
      </head>
      <body>
        <main>
          <p class="brand">
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4.5v15L20 12z" /></svg>
            flix
          </p>
          ${body}
        </main>
      </body>
    </html>`.markup.replaceAll(/\n\s+/g, "\n");
}

export interface SignInPage {
  action: string;
  /** The application that the person signs in to. */
  clientName: string;
  email?: string;
  error?: string;
}

export function signInPage({ action, clientName, email = "", error }: SignInPage): string {
  const emailFocus = email === "" ? html`autofocus` : undefined;
  const passwordFocus = email === "" ? undefined : html`autofocus`;
  return page(
    "Sign in",
    html`<h1>Sign in</h1>
      <p class="hint">to continue to ${clientName}</p>
      ${errorLine(error)}
      <form method="post" action="${action}">
        <label
          >Email
          <input
            name="email"
            type="email"
            value="${email}"
            autocomplete="username"
            maxlength="254"
            required
            ${emailFocus}
        /></label>
        <label
          >Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength="256"
            required
            ${passwordFocus}
        /></label>
        <button>Sign in</button>
      </form>`,
  );
}

export interface CodePage {
  action: string;
  xsrf: string;
  userCode?: string;
  error?: string;
}

export function codePage({ action, xsrf, userCode = "", error }: CodePage): string {
  return page(
    "Connect a device",
    html`<h1>Connect a device</h1>
      <p class="hint">Enter the code that your device shows.</p>
      ${errorLine(error)}
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <label
          >Code
          <input
            class="code"
            name="user_code"
            value="${userCode}"
            placeholder="XXXX-XXXX"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="16"
            required
            autofocus
        /></label>
        <button>Continue</button>
      </form>`,
  );
}

export interface ConfirmPage {
  action: string;
  xsrf: string;
  userCode: string;
  clientName: string;
  /** Where the device asked from. */
  address: string;
}

export function confirmPage({ action, xsrf, userCode, clientName, address }: ConfirmPage): string {
  return page(
    "Confirm the device",
    html`<h1>Is this your device?</h1>
      <p class="hint">${clientName} at ${address} asks to sign in as you. It shows this code:</p>
      <p class="shown-code">${userCode}</p>
      <p class="hint">If you did not start this, or the code differs, deny it.</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <input type="hidden" name="user_code" value="${userCode}" />
        <button name="confirm" value="yes" autofocus>Yes, continue</button>
        <button class="quiet" name="abort" value="yes">Deny</button>
      </form>`,
  );
}

export interface SignOutPage {
  action: string;
  xsrf: string;
}

export function signOutPage({ action, xsrf }: SignOutPage): string {
  return page(
    "Sign out",
    html`<h1>Sign out?</h1>
      <p class="hint">This browser will ask for your password again.</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <button name="logout" value="yes" autofocus>Sign out</button>
        <button class="quiet">Stay signed in</button>
      </form>`,
  );
}

/** A page that only tells something. */
export function messagePage(title: string, text: string): string {
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="hint">${text}</p>`,
  );
}

function errorLine(error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`<p class="error" role="alert">${error}</p>`;
}
