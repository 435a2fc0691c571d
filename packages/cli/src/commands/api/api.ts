import { defineCommand } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { text } from "../../kinds.ts";
import { nearest } from "../../nearest.ts";
import { optional, repeated, required } from "../../parameters.ts";
import { readBody } from "./body.ts";
import { rawField, readFields, typedField } from "./fields.ts";
import { inputOf } from "./input.ts";
import { writeAnswer } from "./answer.ts";

export const api = defineCommand({
  details:
    "Fields fill the path first. What is left goes to the query of a read or delete, else into the JSON body; `validate_only` always goes to the query. `/docs` on the platform lists the operations.",
  arguments: { operationId: required("operation", text, "An operationId, such as listTitles") },
  options: {
    rawField: repeated("key=value", rawField, "A field, taken as text; a[b]=c nests", { short: "f" }),
    field: repeated("key=value", typedField, "A field, taken as JSON where it is JSON; @file reads one", {
      short: "F",
    }),
    body: optional("file", text, "The whole body, from a file or - for standard input"),
    etag: optional("etag", text, "For If-Match, where a change needs it"),
    idempotencyKey: optional("key", text, "Of a POST, to repeat it safely"),
  },
  examples: [
    { command: "flix api listTitles -f q=bunny", does: "Read" },
    {
      command: "flix api createTitle -f kind=film -f title=2001 -F release_year=1968",
      does: "Write: text and numbers",
    },
    {
      command:
        "flix api setTitleArtwork -f title_id=ttl_01k9v3c4x5e6f7g8h9j0kmnpqr -f kind=poster --body poster.jpg",
      does: "Send a file",
    },
  ],
  async run(
    { operationId, rawField: raw, field, body, etag, idempotencyKey },
    { connect, host, output, signal },
  ) {
    const { listOperations } = await import("@flix/sdk");
    const operations = listOperations();
    const operation = operations.find((known) => known.operationId === operationId);
    if (!operation)
      throw unknownOperation(
        operationId,
        operations.map((known) => known.operationId),
      );
    const fields = await readFields([...raw, ...field]);
    const content = body === undefined ? undefined : await readBody(body, host.stdin);
    const flix = await connect();
    const answer = await operation(flix.client, inputOf(operation, fields, content?.body), {
      signal,
      idempotencyKey,
      ifMatch: etag,
      contentType: content?.contentType,
    });
    await writeAnswer(answer, { output, stdout: host.stdout });
  },
});

function unknownOperation(operationId: string, known: string[]): CliError {
  const meant = nearest(operationId, known);
  return new CliError("operation_not_found", {
    message: `The contract has no operation "${operationId}"`,
    fix: meant === undefined ? "See /docs on the platform." : `Did you mean ${meant}?`,
    exitCode: 2,
  });
}
