import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Flix } from "@flix/sdk";
import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { CliError, systemCodeOf, usageError } from "../../errors.ts";
import { id, integer, text } from "../../kinds.ts";
import { optional, required } from "../../parameters.ts";
import type { Title } from "../../resources.ts";
import { requireCurrentPackage } from "../markers/film-facts.ts";
import { findPosters, lineOf, posterColumns, requirePoster, savePosters } from "./poster-candidates.ts";
import { titleFields } from "./title-view.ts";

export const setTitlePoster = defineCommand({
  details:
    "An ingest keeps the film's best frames, judged for sharpness, light, contrast and colour, and takes the first as poster. Without an option they are listed.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: {
    candidate: optional("n", integer(1, 99), "Takes this frame of the film"),
    file: optional("file", text, "Takes a picture of your own: JPEG, PNG or WebP"),
    save: optional("folder", text, "Writes the frames there, to look at them"),
    ...dryRunOption,
  },
  examples: [
    {
      command: "flix titles poster ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --save frames",
      does: "Look at the frames",
    },
    { command: "flix titles poster ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --candidate 3", does: "Take the third" },
    {
      command: "flix titles poster ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --file key-art.jpg",
      does: "Take your own",
    },
  ],
  async run({ titleId, candidate, file, save, dryRun }, { connect, output }) {
    if ([candidate, file, save].filter((given) => given !== undefined).length > 1)
      throw usageError("Only one of --candidate, --file and --save can be done at once");
    const flix = await connect();
    const title = await flix.getTitle({ title_id: titleId });
    if (file !== undefined) {
      output.record(await setArtwork(flix, title, ["poster"], await readPicture(file), dryRun), titleFields);
      return noteChange(output, dryRun, `${title.title} has the poster ${basename(file)}.`);
    }
    const { id: packageId } = await requireCurrentPackage(flix, titleId);
    const posters = await findPosters(flix, packageId);
    if (candidate !== undefined) {
      const { path } = requirePoster(posters, candidate);
      const picture = await flix.getPackageFile({ package_id: packageId, file_path: path });
      output.record(await setArtwork(flix, title, kindsOfFrame(title), picture, dryRun), titleFields);
      return noteChange(output, dryRun, `${title.title} has candidate ${candidate} as poster.`);
    }
    if (save !== undefined) await savePosters(flix, packageId, posters, save);
    const lines = posters.map((poster, index) => lineOf(poster, index, title));
    output.table(lines, posterColumns, noCandidates);
    if (save !== undefined) output.note(`Wrote ${posters.length} pictures to ${save}.`);
  },
});

const noCandidates =
  "The package has no candidates: an encoder of before made it. Encode the film again with `flix ingest --force`.";

/** An ingest takes its frame for the backdrop too, where there is none: as long as both are one picture, they stay one. */
function kindsOfFrame({ artwork }: Title): ("poster" | "backdrop")[] {
  const urlOf = (wanted: string) => artwork.find(({ kind }) => kind === wanted)?.url;
  return urlOf("poster") === urlOf("backdrop") ? ["poster", "backdrop"] : ["poster"];
}

async function setArtwork(
  flix: Flix,
  title: Title,
  kinds: readonly ("poster" | "backdrop")[],
  body: Blob,
  dryRun: boolean,
): Promise<Title> {
  const contentType = await typeOf(body);
  let changed = title;
  for (const kind of kinds) {
    const change = { title_id: title.id, kind, validate_only: dryRun, body };
    changed = await flix.setTitleArtwork(change, { contentType });
  }
  return changed;
}

/** By the first byte, whatever the file is called; the platform reads the rest. */
async function typeOf(picture: Blob): Promise<string> {
  const [first] = await picture.slice(0, 1).bytes();
  return first === 0x89 ? "image/png" : first === 0x52 ? "image/webp" : "image/jpeg";
}

async function readPicture(path: string): Promise<Blob> {
  try {
    return new Blob([await readFile(path)]);
  } catch (cause) {
    throw new CliError("file_not_readable", {
      message: `${path} cannot be read (${systemCodeOf(cause) ?? "unknown reason"})`,
      fix: "Check the path and its permissions.",
      cause,
    });
  }
}
