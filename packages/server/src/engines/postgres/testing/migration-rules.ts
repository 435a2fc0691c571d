/**
 * What in a migration would break, or keep waiting, processes of the version before, which go on serving on the same database:
 * one line for each statement, with its reason. A statement below a comment `-- safe because ...` is let through.
 */
export function problemsOf(sql: string): string[] {
  const statements = readStatements(sql);
  const created = new Set(
    statements.flatMap(({ text }) => /^create table (?:if not exists )?([^\s(]+)/.exec(text)?.[1] ?? []),
  );
  return statements.flatMap(({ text, line, isExcused }) => {
    if (isExcused) return [];
    const rule = rules.find(({ when }) => when(text, created));
    return rule === undefined ? [] : [`line ${line}: ${text.slice(0, 60)}: ${rule.why}`];
  });
}

interface Rule {
  /** `created` are the tables of the same file: nobody else knows them yet. */
  when: (text: string, created: ReadonlySet<string>) => boolean;
  why: string;
}

const rewriting =
  /\b(gen_random_uuid|random|clock_timestamp|nextval|uuid_generate_v\d)\(|\bgenerated always as \(|\bidentity\b|\bserial\b/;

/** One clause of `alter table` on a table that the version before uses. */
const alters = (matches: (clause: string) => boolean) => (text: string, created: ReadonlySet<string>) => {
  const [, table = "", clauses] = /^alter table (?:if exists )?(?:only )?(\S+) (.*)$/.exec(text) ?? [];
  return clauses !== undefined && !created.has(table) && clausesOf(clauses).some(matches);
};

const rules: Rule[] = [
  {
    when: (text) => text.startsWith("drop "),
    why: "the version before uses it; drop it with the version after the one that stopped using it",
  },
  {
    when: alters(
      (clause) =>
        /^(drop (?!not null|default)|rename )/.test(clause) ||
        /^alter (column )?\S+ drop expression/.test(clause),
    ),
    why: "the version before knows it by this name",
  },
  {
    when: alters((clause) => /^alter (column )?\S+ (set data )?type /.test(clause)),
    why: "it writes every row anew while nobody can read; add a column",
  },
  {
    when: alters((clause) => /^alter (column )?\S+ set not null/.test(clause)),
    why: "the version before writes none, and every row is read while nobody can write; add a check that is not valid",
  },
  {
    when: alters(
      (clause) =>
        /^add (column )?(?!constraint|check|foreign|unique|primary|exclude)/.test(clause) &&
        isHardColumn(clause),
    ),
    why: "the version before does not fill it, or every row is written anew; let it be null, or give it a constant default",
  },
  {
    when: alters(
      (clause) =>
        /^add (constraint|check|foreign|unique|primary|exclude)/.test(clause) &&
        !/ not valid$| using index /.test(clause),
    ),
    why: "every row is read while nobody can write; make it not valid",
  },
  {
    when: (text, created) => {
      const [, table] = /^create (?:unique )?index .*?\bon (?:only )?([^\s(]+)/.exec(text) ?? [];
      return table !== undefined && !created.has(table);
    },
    why: "nobody can write while it is built",
  },
  {
    when: (text, created) => {
      const [, table] =
        /^(?:update|delete from|truncate(?: table)?|lock(?: table)?|cluster) (?:only )?(\S+)/.exec(text) ??
        [];
      return table !== undefined && !created.has(table);
    },
    why: "it holds every row, or the table, to the end of the file; let a job do it in batches",
  },
  { when: (text) => /^do\b/.test(text), why: "what it does cannot be read here; write it out" },
];

function isHardColumn(clause: string): boolean {
  return (/ not null\b/.test(clause) && !/ default /.test(clause)) || rewriting.test(clause);
}

/** Splits at the commas that stand in no parentheses. */
function clausesOf(text: string): string[] {
  let depth = 0;
  const clauses = [""];
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) clauses.push("");
    else clauses[clauses.length - 1] += character;
  }
  return clauses.map((clause) => clause.trim());
}

interface Statement {
  /** In lower case, on one line, its strings empty. */
  text: string;
  line: number;
  isExcused: boolean;
}

/** A comment, a string, a name in quotes, the body of a function, the end of a statement, or text. */
const tokens = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[^]*?\$\1\$|;|[^-/'"$;]+|[^]/g;

function readStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let [text, line, isExcused] = ["", 1, false];
  let reached = 1;
  for (const [token] of sql.matchAll(tokens)) {
    if (token === ";") {
      statements.push({ text: text.replaceAll(/\s+/g, " ").trim().toLowerCase(), line, isExcused });
      [text, isExcused] = ["", false];
    } else if (/^(--|\/\*)/.test(token)) isExcused ||= /^-- safe because \S/.test(token);
    else {
      if (text.trim() === "") line = reached + (/^\s*/.exec(token)?.[0].split("\n").length ?? 1) - 1;
      text += /^['$]/.test(token) && token.length > 1 ? "''" : token;
    }
    reached += token.split("\n").length - 1;
  }
  if (text.trim() !== "")
    statements.push({ text: text.replaceAll(/\s+/g, " ").trim().toLowerCase(), line, isExcused });
  return statements;
}
