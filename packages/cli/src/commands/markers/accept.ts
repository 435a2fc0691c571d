import { defineCommand } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { requireCurrentPackage } from "./film-facts.ts";
import { proposalsOf } from "./proposals.ts";
import { showMarkers } from "./show-markers.ts";

export const acceptProposedMarkers = defineCommand({
  details:
    "The encoder finds credits by black, silence and the look of text on a dark ground, and says how sure it is. What an operator or an ingest has marked stays as it is.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  examples: [
    {
      command: "flix markers accept ttl_01k9v3c4x5e6f7g8h9j0kmnpqr",
      does: "Mark the credits that were found",
    },
  ],
  async run({ titleId }, { connect, output }) {
    const flix = await connect();
    const { duration_seconds: durationSeconds } = await requireCurrentPackage(flix, titleId);
    const accepted = await proposalsOf(flix, titleId);
    if (accepted.length === 0) {
      throw new CliError("no_markers_proposed", {
        message: "The encoder proposes no markers for this film",
        fix: `Set them with \`flix markers set ${titleId} --marker credits=01:32:00\`.`,
      });
    }
    const { publishMarkers } = await import("@flix/encoder");
    await publishMarkers({ client: flix.client, titleId }, { given: [], accepted }, durationSeconds);
    showMarkers(output, await flix.getTitleMarkers({ title_id: titleId }));
  },
});
