import type { EncodeFields } from "../encode-option.ts";
import type { IngestRequest } from "../ingest-title.ts";
import type { TitleChoice } from "../wanted-title.ts";

/** One film of many, ready to be ingested. */
export interface BulkEntry extends IngestRequest {
  /** What it is called in tables and events. */
  name: string;
  /** Where it was listed: `titles.yaml:12`, or its path in a folder. */
  place: string;
}

/** What is said of a film: in a list of titles, by its name in a folder, or of all of them on the command line. */
export interface EntryFacts {
  choice: Partial<TitleChoice>;
  encode: Partial<EncodeFields>;
  publish: boolean | undefined;
}

/** The later says more; what one of them leaves open keeps what the others said. */
export function mergeFacts(...all: readonly Partial<EntryFacts>[]): EntryFacts {
  return {
    choice: Object.assign({}, ...all.map(({ choice = {} }) => said(choice))),
    encode: Object.assign({}, ...all.map(({ encode = {} }) => encode)),
    publish: all.findLast(({ publish }) => publish !== undefined)?.publish,
  };
}

function said(choice: Partial<TitleChoice>): Partial<TitleChoice> {
  const open = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => !open(value)));
}
