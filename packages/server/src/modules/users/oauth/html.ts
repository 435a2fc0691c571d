/** HTML that is safe to send; made by `html` only. */
export interface Html {
  readonly markup: string;
}

/** A template in which every value is escaped, except what `html` itself made. */
export function html(parts: TemplateStringsArray, ...values: (string | Html | undefined)[]): Html {
  const markup = parts.reduce((text, part, index) => text + markupOf(values[index - 1]) + part);
  return { markup };
}

function markupOf(value: string | Html | undefined): string {
  return typeof value === "object" ? value.markup : escape(value ?? "");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
