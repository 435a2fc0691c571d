/**
 * A UUIDv7 (RFC 9562, section 5.7): sortable by its time. `crypto.randomUUID` is missing on pages served by plain http from another
 * machine, as a television on the home network sees them; `getRandomValues` is everywhere.
 */
export function uuidv7(now: number): string {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte, index) => {
    const marked = index === 0 ? (byte & 0x0f) | 0x70 : index === 2 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, "0");
  });
  const hex = now.toString(16).padStart(12, "0") + random.join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
