// Nothing is put into it, so the tag for markup serves; by its name here editors and the formatter know the language.
import { html as css } from "./html.ts";

/** The product's look, as in the web player; inline, since the pages must not depend on anything else being served. */
export const styles = css`
  :root {
    color-scheme: dark;
    --text: #f4f4f6;
    --muted: #a7a9b4;
    --line: #2b2d38;
    --accent: #ffb83d;
    --ink: #221500;
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0;
    min-height: 100vh;
    display: grid;
    place-items: center;
    padding: 24px;
    color: var(--text);
    font:
      16px/1.5 system-ui,
      -apple-system,
      "Segoe UI",
      Roboto,
      sans-serif;
    background:
      radial-gradient(1200px 600px at 70% -10%, #2c2109 0%, transparent 60%),
      radial-gradient(900px 500px at 0% 110%, #131c2b 0%, transparent 60%), #0a0b0f;
  }
  main {
    width: 100%;
    max-width: 400px;
    padding: 36px 32px;
    border: 1px solid var(--line);
    border-radius: 20px;
    background: rgb(18 19 25 / 85%);
    box-shadow: 0 30px 80px rgb(0 0 0 / 50%);
  }
  .brand {
    display: flex;
    gap: 0.3em;
    align-items: center;
    margin: 0 0 24px;
    font-size: 26px;
    font-weight: 800;
    letter-spacing: -0.04em;
  }
  .brand svg {
    width: 0.78em;
    margin-top: 0.1em;
    fill: var(--accent);
    stroke: var(--accent);
    stroke-width: 3;
    stroke-linejoin: round;
  }
  h1 {
    margin: 0 0 4px;
    font-size: 26px;
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  .hint {
    margin: 0 0 20px;
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .error {
    margin: 0 0 20px;
    padding: 12px 14px;
    border: 1px solid #6b2530;
    border-radius: 10px;
    background: #2d1219;
    color: #ffb4bb;
  }
  label {
    display: block;
    margin-bottom: 16px;
    color: var(--muted);
    font-size: 14px;
  }
  input {
    display: block;
    width: 100%;
    height: 48px;
    margin-top: 6px;
    padding: 0 14px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: #0d0e13;
    color: var(--text);
    font: inherit;
    font-size: 16px;
  }
  input:focus-visible,
  button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .code,
  .shown-code {
    font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    letter-spacing: 0.12em;
    text-align: center;
    text-transform: uppercase;
  }
  .shown-code {
    margin: 0 0 16px;
    font-size: 32px;
    font-weight: 700;
  }
  button {
    width: 100%;
    height: 48px;
    margin-top: 8px;
    border: 0;
    border-radius: 10px;
    background: var(--accent);
    color: var(--ink);
    font: inherit;
    font-weight: 650;
    cursor: pointer;
  }
  button:hover {
    background: #ffc663;
  }
  .quiet {
    background: transparent;
    color: var(--muted);
  }
  .quiet:hover {
    background: rgb(255 255 255 / 6%);
    color: var(--text);
  }
`;
