import { dryRunOption } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { integer, text } from "../../kinds.ts";
import { flag, optional, required } from "../../parameters.ts";
import { ingestBulk, isBulk } from "./bulk/ingest-bulk.ts";
import { encodeFieldsOf, encodeOptions } from "./encode-options.ts";
import { ingestOne, tryOne } from "./ingest-one.ts";
import { spareMemory } from "./spare-memory.ts";
import { titleChoiceOptions, wantedTitleOf } from "./wanted-title.ts";
import { workFolderOf } from "./work-folder.ts";

export const ingest = defineCommand({
  details:
    "Checks the file, encodes it on this machine, verifies the result, sends it and makes it what the title plays. The same command again goes on where it broke off; what viewers see changes last of all. A title that plays an encode of the same file with the same settings stays as it is. With --json, progress comes as one event a line on stderr.\n\nA list of titles in YAML, or a folder, is ingested several films at a time; one that fails stops none of the others. In a list each title has its file and the names of these options: `titles: [{ file: film.mov, title: Sintel, subtitle: { en: film.vtt } }]`; what holds for all of them stands under `defaults:`. In a folder the names of the files tell: `Film (2008).mkv`, `Show S01E02.mkv`, `Film.fr.srt`.",
  arguments: {
    master: required(
      "file",
      text,
      "The master: a video file or its address (https://, s3://); or a list of titles (YAML), or a folder",
    ),
  },
  options: {
    ...titleChoiceOptions,
    ...encodeOptions,
    publish: flag("Publish the title at the end"),
    force: flag("Encode again what the title plays already"),
    workDir: optional("folder", text, "Where to work (FLIX_WORK_DIR; default: ~/.cache/flix/ingest)"),
    concurrency: optional(
      "n",
      integer(1, 256),
      "Of many films, how many at once (default: by memory and cores)",
    ),
    lowFirst: flag("Of many films, first the low rungs of all, so that viewers have them soon"),
    report: optional("file", text, "Of many films, what became of each, as JSON"),
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
    {
      command: "flix ingest s3://masters/sintel.mov --title Sintel",
      does: "From a bucket; also from https:// addresses, signed ones too",
    },
    {
      command: "flix ingest titles.yaml --low-first --report report.json",
      does: "A catalogue; the same again goes on with what is missing",
    },
    { command: "flix ingest masters/ --publish --dry-run", does: "What a folder of films would become" },
  ],
  async run(
    { master: file, publish, force, workDir, dryRun, concurrency, lowFirst, report, ...choice },
    context,
  ) {
    spareMemory();
    const settings = { workDir: workFolderOf(workDir, context.host.env), force };
    const many = { ...settings, concurrency, lowFirst, report, dryRun };
    if (await isBulk(file)) return ingestBulk(file, { choice, publish }, many, context);
    const encode = await encodeFieldsOf(choice);
    const wanted = wantedTitleOf({ ...choice, language: encode.language });
    const request = { file, wanted, encode, publish };
    return dryRun ? tryOne(request, settings, context) : ingestOne(request, settings, context);
  },
});
