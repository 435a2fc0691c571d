// What moves the cursor, changes colours or reorders text: C0, DEL, C1, line separators, and marks of direction.
// oxlint-disable-next-line no-control-regex -- Control characters are what this file is about.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of others on a terminal: what could act there is shown as its escape. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const hex = character.charCodeAt(0).toString(16).padStart(4, "0");
    return { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character] ?? `\\u${hex}`;
  });
}
