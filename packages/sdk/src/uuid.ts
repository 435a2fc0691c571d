/**
 * A UUIDv7 (RFC 9562, section 5.7): sortable by its time. `crypto.randomUUID` is missing on pages served by plain http from another
 * machine, as a television on the home network does; `getRandomValues` is everywhere.
 */
export function uuidv7(now: number): string {
  const random = [...crypto.getRandomValues(new Uint8Array(10))];
  const hex = now.toString(16).padStart(12, "0") + random.map(byteToHex).join("");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function byteToHex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
