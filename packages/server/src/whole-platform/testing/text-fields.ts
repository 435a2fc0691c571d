import type { JsonSchema } from "../../kernel/contract.ts";

/** Where an operation's JSON body has texts, as steps into its example. */
export function textFields(schema: JsonSchema, steps: string[] = []): string[][] {
  if (schema["type"] === "string" && schema["enum"] === undefined) return [steps];
  const properties = Object.entries<JsonSchema>(Object(schema["properties"]));
  const items: JsonSchema | undefined = Object(schema["items"]);
  return [
    ...properties.flatMap(([name, field]) => textFields(field, [...steps, name])),
    ...(schema["type"] === "array" && items ? textFields(items, [...steps, "0"]) : []),
  ];
}

/** The value with the text put there. */
export function withText(value: unknown, [step, ...rest]: string[], text: string): unknown {
  if (step === undefined) return text;
  if (step === "0") return [withText(undefined, rest, text)];
  const record: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  return { ...record, [step]: withText(record[step], rest, text) };
}
