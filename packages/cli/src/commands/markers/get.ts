import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { proposalsOf } from "./proposals.ts";
import { showMarkers } from "./show-markers.ts";

export const getTitleMarkers = defineCommand({
  details: "With what the encoder proposes for the film that the title plays now.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  examples: [
    { command: "flix markers get ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Its intro, recap and credits" },
  ],
  async run({ titleId }, { connect, output }) {
    const flix = await connect();
    const markers = await flix.getTitleMarkers({ title_id: titleId });
    showMarkers(output, markers, await proposalsOf(flix, titleId));
  },
});
