import { useState, type FormEvent } from "react";
import { createAccount, type FlixError } from "@flix/sdk";
import { formText } from "../form-text.ts";
import { viewerLanguage, viewerLanguages } from "../language.ts";
import { asFlixError } from "../load.ts";
import { ProblemNote } from "../problem/problem-panel.tsx";
import { countryOptions, likelyCountry } from "./countries.ts";
import { anonymous } from "./anonymous.ts";
import styles from "./welcome-page.module.css";

/** Makes an account, then goes on to the platform's own sign-in page. */
export function SignUpForm({ onDone, onCancel }: { onDone: (email: string) => void; onCancel: () => void }) {
  const [error, setError] = useState<FlixError>();
  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => formText(form, name);
    const body = {
      name: field("name"),
      email: field("email"),
      password: field("password"),
      country: field("country"),
    };
    try {
      await createAccount(anonymous, { body });
      onDone(body.email);
    } catch (failure) {
      setError(asFlixError(failure));
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void create(event)}>
      <label className="field">
        Name
        <input name="name" required maxLength={100} autoComplete="name" />
      </label>
      <label className="field">
        Email
        <input name="email" type="email" required maxLength={254} autoComplete="email" />
      </label>
      <label className="field">
        Password
        <input
          name="password"
          type="password"
          required
          minLength={8}
          maxLength={256}
          autoComplete="new-password"
        />
      </label>
      <label className="field">
        Country
        <select name="country" defaultValue={likelyCountry(viewerLanguages())}>
          {countryOptions(viewerLanguage()).map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ProblemNote error={error} />
      <div className={styles.formActions}>
        <button type="submit" className="button primary">
          Create account
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
