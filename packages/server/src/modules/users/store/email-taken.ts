import { FlixError } from "../../../kernel/errors.ts";

/** Turns the breach of a unique index on email addresses into the contract's answer. */
export function emailTaken(index: string): (error: unknown) => never {
  return (error) => {
    const breach = error instanceof Error && "constraint" in error && error.constraint === index;
    throw breach ? new FlixError("email_taken", { cause: error }) : error;
  };
}
