import { exitCodes, defineCommand } from "../command.ts";
import { id, text } from "../kinds.ts";
import { optional, several } from "../parameters.ts";
import { usageError } from "../errors.ts";
import { encodeFieldsOf, encodeOptions } from "./ingest/encode-options.ts";
import { checkAll } from "./ingest/check-all.ts";
import { currentEncodeOf } from "./ingest/preflight-file.ts";
import { showChecked } from "./ingest/preflight-view.ts";
import { workFolderOf } from "./ingest/work-folder.ts";

export const preflight = defineCommand({
  details:
    "Reads masters and says what an ingest would do: the streams found, what stands in the way and how to put it right, the renditions, their size, and the time that this machine needs. Nothing is encoded and no platform is asked, except with --title-id. Exit code 1 when a file has a problem.",
  arguments: { files: several("file", text, "The masters: video files or their addresses") },
  options: {
    ...encodeOptions,
    titleId: optional("title-id", id("ttl"), "Say whether an ingest would change what this title plays"),
    workDir: optional(
      "folder",
      text,
      "Where the work would be (FLIX_WORK_DIR; default: ~/.cache/flix/ingest)",
    ),
  },
  examples: [
    { command: "flix preflight film.mov", does: "Everything about one file" },
    { command: "flix preflight masters/*.mov", does: "A line each, and the problems" },
    {
      command: "flix preflight *.mxf --json | jq '.[] | select(.ok | not) | {file, problems}'",
      does: "Which files need work",
    },
  ],
  async run({ files, titleId, workDir, ...choice }, { connect, host, output, signal }) {
    if (titleId !== undefined && files.length > 1)
      throw usageError("--title-id is about one file", "Check the files one by one.");
    const flix = titleId === undefined ? undefined : await connect();
    const title = flix && titleId !== undefined ? await flix.getTitle({ title_id: titleId }) : undefined;
    const current = flix && title && (await currentEncodeOf(flix, title));
    const encode = await encodeFieldsOf(choice);
    const options = { ...encode, current, workDir: workFolderOf(workDir, host.env), signal };
    const checked = await checkAll(files, options);
    showChecked(checked, output);
    return checked.every(({ found }) => found.ok) ? exitCodes.ok : exitCodes.failed;
  },
});
