import type { ProposedMarker } from "@flix/encoder";
import type { Flix } from "@flix/sdk";

/** What the encoder proposed for the film that the title plays now. */
export async function proposalsOf({ client }: Flix, titleId: string): Promise<ProposedMarker[]> {
  const { findCurrentPackage, proposedMarkersOf } = await import("@flix/encoder");
  const current = await findCurrentPackage({ client, titleId });
  return current ? proposedMarkersOf({ client }, current.id) : [];
}
