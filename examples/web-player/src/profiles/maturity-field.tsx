import { maturityLimits } from "./profile-fields.ts";

/** Which titles the profile may watch, by the youngest age that they admit. */
export function MaturityField({ limit, isChild }: { limit: number; isChild: boolean }) {
  return (
    <label className="field">
      Titles for
      <select name="maturity_limit" defaultValue={limit}>
        {maturityLimits(isChild).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
