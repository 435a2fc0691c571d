import type { Output } from "../../output.ts";

interface Destination {
  output: Output;
  stdout: NodeJS.WriteStream;
}

/** JSON with or without `--json`; text, bytes and streams as they come; nothing where the answer has no body. */
export async function writeAnswer(answer: unknown, { output, stdout }: Destination): Promise<void> {
  if (answer === undefined) return;
  if (typeof answer === "string") stdout.write(answer);
  else if (answer instanceof Blob) stdout.write(await answer.bytes());
  else if (!(answer instanceof ReadableStream)) output.data(answer, JSON.stringify(answer, null, 2));
  else for await (const chunk of answer) stdout.write(chunk);
}
