import { dryRunOption } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { text } from "../../kinds.ts";
import { flag, optional, required } from "../../parameters.ts";
import { encodeFieldsOf, encodeOptions } from "./encode-options.ts";
import { ingestOne, tryOne } from "./ingest-one.ts";
import { titleChoiceOptions, wantedTitleOf } from "./wanted-title.ts";
import { workFolderOf } from "./work-folder.ts";

export const ingest = defineCommand({
  details:
    "Checks the file, encodes it on this machine, verifies the result, sends it and makes it what the title plays. The same command again goes on where it broke off; what viewers see changes last of all. A title that plays an encode of the same file with the same settings stays as it is. With --json, progress comes as one event a line on stderr.",
  arguments: { file: required("file", text, "The master: a video file") },
  options: {
    ...titleChoiceOptions,
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
        "flix ingest film.mov --title Sintel --audio fr=dub.wav --audio en:commentary=talk.flac --subtitle en:sdh=sintel.ttml",
      does: "Sound and text of several languages and roles",
    },
    {
      command:
        "flix ingest e1.mkv --title Pilot --series ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --season 1 --episode 1",
      does: "An episode",
    },
  ],
  async run({ file, publish, force, workDir, dryRun, ...choice }, context) {
    const encode = await encodeFieldsOf(choice);
    const wanted = wantedTitleOf({ ...choice, language: encode.language });
    const settings = { workDir: workFolderOf(workDir, context.host.env), force };
    const request = { file, wanted, encode, publish };
    return dryRun ? tryOne(request, settings, context) : ingestOne(request, settings, context);
  },
});
