import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id, integer, text } from "../../kinds.ts";
import { flag, optional, required } from "../../parameters.ts";
import { titleOptions } from "../titles/title-options.ts";
import { encodeAndSend } from "./encode-and-send.ts";
import { encodeFieldsOf, encodeOptions } from "./encode-options.ts";
import { findOrCreateTitle, identifyMaster } from "./find-title.ts";
import { preflightFields, requireIngestable } from "./preflight.ts";
import { describeResult, resultFields } from "./result.ts";
import { wantedTitleOf } from "./wanted-title.ts";
import { workFolderOf } from "./work-folder.ts";

export const ingest = defineCommand({
  details:
    "Checks the file, encodes it on this machine, verifies the result, sends it and makes it what the title plays. The same command again goes on where it broke off; what viewers see changes last of all. A title that plays an encode of the same file with the same settings stays as it is. With --json, progress comes as one event a line on stderr.",
  arguments: { file: required("file", text, "The master: a video file") },
  options: {
    title: optional("title", text, "Name of the new title"),
    titleId: optional("title-id", id("ttl"), "An existing title instead, film or episode"),
    series: optional("title-id", id("ttl"), "The new title is an episode of this series"),
    season: optional("n", integer(0, 1000), "Its season"),
    episode: optional("n", integer(0, 100_000), "Its number in the season"),
    ...titleOptions,
    ...encodeOptions,
    publish: flag("Publish the title at the end"),
    force: flag("Encode again what the title plays already"),
    workDir: optional("folder", text, "Where to work (FLIX_WORK_DIR; default: ~/.cache/flix/ingest)"),
    ...dryRunOption,
  },
  examples: [
    {
      command: 'flix ingest film.mp4 --title "Big Buck Bunny" --year 2008 --publish',
      does: "From a file to a stream",
    },
    {
      command:
        "flix ingest film.mov --title Sintel --subtitle en=sintel.en.vtt --subtitle de=sintel.de.srt --dry-run",
      does: "What would be done, and what stands in the way",
    },
    {
      command:
        "flix ingest e1.mkv --title Pilot --series ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --season 1 --episode 1",
      does: "An episode",
    },
  ],
  async run({ file, publish, force, workDir, dryRun, ...choice }, context) {
    const { host, output, signal } = context;
    const encode = await encodeFieldsOf(choice);
    const wanted = wantedTitleOf({ ...choice, language: encode.language });
    const master = { ...encode, input: file, workDir: workFolderOf(workDir, host.env), signal };
    const found = await requireIngestable(master, output);
    const flix = await context.connectToTheEnd();
    if (dryRun) {
      if ("titleId" in wanted) await flix.getTitle({ title_id: wanted.titleId });
      else await flix.createTitle({ validate_only: true, body: wanted });
      output.record(found, preflightFields);
      return noteChange(output, true, `${file} would be encoded${publish ? " and published" : ""}.`);
    }
    const title =
      "titleId" in wanted
        ? await flix.getTitle({ title_id: wanted.titleId })
        : await findOrCreateTitle(flix, wanted, await identifyMaster(file));
    const result = await encodeAndSend({ flix, title, master: { ...master, force }, publish }, context);
    output.record(result, resultFields);
    output.note(describeResult(result, publish));
  },
});
