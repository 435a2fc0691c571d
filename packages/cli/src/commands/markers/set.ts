import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { usageError } from "../../errors.ts";
import { id, oneOf, text } from "../../kinds.ts";
import { optional, repeated, required } from "../../parameters.ts";
import { kindsOfMarkers, markerWord } from "../ingest/marker-words.ts";
import { readMarkersFile } from "../ingest/markers-file.ts";
import { frameRateOf, requireCurrentPackage, startTimecodeOf } from "./film-facts.ts";
import { markerOf } from "./marker-view.ts";
import { showMarkers } from "./show-markers.ts";

export const setTitleMarkers = defineCommand({
  details:
    "Viewers who start the film from now on can skip the intro and the recap, and are offered the next episode at the credits. Kinds that are not given stay. Times are seconds, HH:MM:SS.mmm, or the timecode HH:MM:SS:FF.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: {
    marker: repeated("kind=from-to", markerWord, "An intro, recap or credits; credits go on to the end"),
    markers: optional("file", text, "The same from a YAML or JSON file"),
    remove: repeated("kind", oneOf(kindsOfMarkers), "Takes the marker away"),
    ...dryRunOption,
  },
  examples: [
    {
      command:
        "flix markers set ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --marker intro=1:05-2:10 --marker credits=1:32:00",
      does: "An intro, and credits to the end",
    },
    { command: "flix markers set ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --remove recap", does: "There is none" },
  ],
  async run({ titleId, marker, markers: file, remove, dryRun }, { connect, output }) {
    const inputs = [...marker, ...(file === undefined ? [] : await readMarkersFile(file))];
    if (inputs.length + remove.length === 0) {
      throw usageError("There is nothing to change", "Give at least one of --marker, --markers, --remove.");
    }
    const flix = await connect();
    const current = await requireCurrentPackage(flix, titleId);
    const { resolveMarkers } = await import("@flix/encoder");
    const film = {
      frameRate: frameRateOf(current),
      durationSeconds: current.duration_seconds,
      startTimecode: await startTimecodeOf(flix, current),
    };
    const given = resolveMarkers(inputs, film).map(markerOf);
    const before = await flix.getTitleMarkers({ title_id: titleId });
    const replaced = new Set([...given.map(({ kind }) => kind), ...remove]);
    const body = { markers: [...before.markers.filter(({ kind }) => !replaced.has(kind)), ...given] };
    const { etag } = before;
    const change = { title_id: titleId, etag, validate_only: dryRun, body };
    showMarkers(output, await flix.setTitleMarkers(change));
    noteChange(output, dryRun, "Set the markers.");
  },
});
