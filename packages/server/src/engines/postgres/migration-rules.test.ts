import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../kernel/package-root.ts";
import { problemsOf } from "./testing/migration-rules.ts";

/** Applied as they are, and a file is not changed after that. */
const excused: Record<string, string> = {
  "modules/media/migrations/0005_key_sets.sql": "The index has no row: its column was added the line before.",
};

test("no migration breaks the version before, or keeps it waiting", async () => {
  const sources = join(packageRoot, "src");
  const found: string[] = [];
  const files: string[] = [];
  for await (const file of glob("**/migrations/*.sql", { cwd: sources })) {
    files.push(file);
    const problems = problemsOf(await readFile(join(sources, file), "utf8"));
    if (!(file in excused)) found.push(...problems.map((problem) => `${file}, ${problem}`));
    else expect(problems, `${file} needs no excuse`).toHaveLength(1);
  }
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(10);
});

test.each([
  "drop table films",
  "DROP INDEX films_year",
  "alter table films drop column year",
  "alter table only films rename column year to release_year",
  "alter table films rename to titles",
  "alter table films alter column year type bigint",
  "alter table films alter year set data type bigint",
  "alter table films alter column year set not null",
  "alter table films add column year int not null",
  "alter table films add year int, add rating text not null",
  "alter table films add column key uuid default gen_random_uuid()",
  "alter table films add column place bigint generated always as identity",
  "alter table films add column folded text generated always as (lower(title)) stored",
  "alter table films add constraint positive check (year > 0)",
  "alter table films add foreign key (genre) references genres (id)",
  "alter table films add unique (title)",
  "create index films_year on films (year)",
  "create unique index on films (year)",
  "update films set year = 1900",
  "delete from films",
  "truncate films",
  "lock table films",
  "do $$ begin update films set year = 1; end $$",
  "create table new_ones (id int); create index on films (year)",
])("refused: %s", (sql) => {
  expect(problemsOf(`${sql};`)).toHaveLength(1);
});

test.each([
  "create table films (id int primary key, year int not null check (year > 0))",
  "create table films (id int); create index on films (id); alter table films add unique (id); update films set id = 1",
  "alter table films add column year int",
  "alter table films add year int not null default 1900, add column genre text references genres (id)",
  "alter table films add constraint positive check (year > 0) not valid",
  "alter table films add constraint films_title unique using index films_title_index",
  "alter table films alter column year drop not null, alter column rating set default 'G'",
  "insert into genres values ('drop table films; update films')",
  "-- drop table films;\n/* update films */ select 1",
  "create function fold(text) returns text language sql as $$ select lower($1); $$",
  "-- safe because no version ever read it\ndrop table leftovers",
])("let through: %s", (sql) => {
  expect(problemsOf(`${sql};`)).toEqual([]);
});

test("the line and the reason are told", () => {
  expect(problemsOf("select 1;\n\n-- Years.\nalter table films\n  drop column year;\n")).toEqual([
    "line 4: alter table films drop column year: the version before knows it by this name",
  ]);
});
