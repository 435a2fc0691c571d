export interface KeptAnswer {
  body: string;
  /** Until then nobody need be asked (Unix ms). */
  until: number;
  /** Until then it is good as long as changes of other processes are heard of; not before `until`. */
  untilWhileTold: number;
}

/** Answers in this process by name, at most so many bytes: the least recently written go first. */
export interface KeptAnswers {
  get(name: string): KeptAnswer | undefined;
  set(name: string, answer: KeptAnswer): void;
}

const maxBytes = 64 * 1024 * 1024;

export function keepAnswers(limitBytes = maxBytes): KeptAnswers {
  const answers = new Map<string, KeptAnswer>();
  let bytes = 0;
  const drop = (name: string, { body }: KeptAnswer) => {
    answers.delete(name);
    bytes -= Buffer.byteLength(body);
  };
  return {
    get: (name) => answers.get(name),
    set(name, answer) {
      const known = answers.get(name);
      if (known) drop(name, known);
      answers.set(name, answer);
      bytes += Buffer.byteLength(answer.body);
      for (const [oldest, old] of answers) {
        if (bytes <= limitBytes) break;
        drop(oldest, old);
      }
    },
  };
}
