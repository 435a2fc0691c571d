import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answerJson,
  answerProblem,
  startAnsweringServer,
  type AnsweringServer,
} from "../testing/answering-server.ts";
import { flix } from "../testing/flix.ts";

const titleId = "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr";

describe("a wrong command line exits with 2 and says what is right", () => {
  test.for([
    { args: ["titel", "list"], what: "unknown command 'titel'", next: "Did you mean titles?" },
    {
      args: ["titles", "lst"],
      what: "unknown command 'lst'",
      next: "Did you mean list? See `flix titles --help`.",
    },
    {
      args: ["titles", "list", "--stat", "draft"],
      what: "unknown option '--stat'",
      next: "Did you mean --state?",
    },
    { args: ["titles", "get"], what: "missing required argument 'title-id'", next: "flix titles get --help" },
    { args: ["titles", "get", "acc_1"], what: "<title-id> must be an id that begins with ttl_", next: "" },
    {
      args: ["titles", "list", "--year", "1"],
      what: "--year must be a whole number from 1870 to 2200",
      next: "",
    },
    { args: ["titles", "create", "--kind", "film"], what: "--title <title> is missing", next: "" },
    {
      args: ["titles", "list", "--server", "ftp://x"],
      what: "--server must be an http or https URL",
      next: "",
    },
    { args: ["titles", "update", titleId], what: "There is nothing to change", next: "--title, --year" },
    { args: ["api", "listTitels"], what: 'no operation "listTitels"', next: "Did you mean listTitles?" },
    {
      args: ["api", "getTitle", "--server", "http://localhost:1"],
      what: "needs title_id",
      next: "-f title_id=",
    },
    { args: ["ingest", "film.mp4"], what: "Either --title or --title-id", next: "Name the new title" },
    { args: ["up", "--port", "70000"], what: "--port must be a whole number from 0 to 65535", next: "" },
  ])("flix $args", async ({ args, what, next }) => {
    const { exitCode, stdout, stderr } = await flix(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    const [first = "", second = ""] = stderr.split("\n");
    expect(first).toMatch(/^error: /);
    expect(first).toContain(what);
    expect(second).toContain(next);
  });
});

describe("an answer of the platform", () => {
  let server: AnsweringServer;
  beforeAll(async () => {
    server = await startAnsweringServer((request, response) => {
      const path = request.url ?? "";
      if (path.startsWith("/v1/whoami")) return answerProblem(response, 401, "invalid_token");
      if (path.startsWith(`/v1/titles/${titleId}`)) return answerProblem(response, 404, "title_not_found");
      if (path.startsWith("/v1/plans")) {
        const errors = [{ pointer: "/price/amount", message: "must be <= 100000000" }];
        return answerProblem(response, 400, "invalid_request", { detail: "1 field is not valid.", errors });
      }
      if (path.startsWith("/v1/accounts")) return void response.writeHead(200).end("<html>a proxy</html>");
      if (path.startsWith("/v1/titles")) return answerJson(response, { data: [hostileTitle] });
      if (path.startsWith("/v1/invoices")) return; // never answers
      answerProblem(response, 404, "not_found");
    });
  });
  afterAll(() => server.stop());
  const run = (args: string[]) => flix([...args, "--server", server.url, "--token", "t0ken"]);

  test("401 exits with 4 and names `flix login`", async () => {
    const { exitCode, stderr } = await run(["whoami"]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(
      "error: Title of invalid_token [invalid_token, req_1]\nnext:  Sign in with `flix login`",
    );
  });

  test("a problem is one line what and one line what to do next", async () => {
    const { exitCode, stdout, stderr } = await run(["titles", "get", titleId]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe(
      "error: Title of title_not_found [title_not_found, req_1]\nnext:  Check the id with `flix titles list`.\n",
    );
  });

  test("refused fields are named one by one", async () => {
    const { stderr } = await run(["plans", "create", "--name", "X", "--price", "9.99USD"]);
    expect(stderr).toContain("1 field is not valid.");
    expect(stderr).toContain("       /price/amount: must be <= 100000000\n");
  });

  test("with --json an error is one JSON line on stderr, and stdout stays empty", async () => {
    const { exitCode, stdout, stderr } = await run(["titles", "get", titleId, "--json"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      code: "title_not_found",
      message: "Title of title_not_found",
      fix: "Check the id with `flix titles list`.",
      status: 404,
      request_id: "req_1",
      exit_code: 1,
    });
  });

  test("something else than a platform is told as that", async () => {
    const { exitCode, stderr } = await run(["users", "list"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/unexpected_response/);
    expect(stderr).toContain("Check --server");
  });

  test("no server at all exits with 1 and names `flix up`", async () => {
    const { exitCode, stderr } = await flix(["plans", "list", "--server", "http://127.0.0.1:1"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("[network_error]");
    expect(stderr).toContain("flix up");
  });

  test("control characters of others are shown, not obeyed", async () => {
    const { stdout } = await run(["titles", "list"]);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("\\u001b[2Jwiped\\nout");
  });

  test("--json prints the contract's resources as one array", async () => {
    const { stdout } = await run(["titles", "list", "--json"]);
    expect(JSON.parse(stdout)).toEqual([hostileTitle]);
  });

  test("the token goes to the server that was asked", async () => {
    const asked = server.requests.length;
    await run(["titles", "list"]);
    expect(server.requests.slice(asked)).toEqual([
      { method: "GET", path: "/v1/titles?page_size=31", authorization: "Bearer t0ken" },
    ]);
  });

  test("Ctrl-C ends a command that waits, with 130", async () => {
    const waiting = run(["invoices", "list"]);
    await expect.poll(() => server.requests.at(-1)?.path).toContain("/v1/invoices");
    waiting.kill("SIGINT");
    expect(await waiting).toMatchObject({ exitCode: 130, stdout: "" });
  });

  test("a reader that goes away is no failure", async () => {
    const closed = run(["titles", "list", "--json"]);
    closed.stdout?.destroy();
    expect(await closed).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("without a terminal", () => {
  let server: AnsweringServer;
  beforeAll(async () => {
    server = await startAnsweringServer((_, response) => answerJson(response, hostileTitle));
  });
  afterAll(() => server.stop());

  test("deleting asks nobody: it wants --yes, and has sent no DELETE", async () => {
    const { exitCode, stderr } = await flix(["titles", "delete", titleId, "--server", server.url]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("next:  Add --yes.");
    expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

const hostileTitle = {
  id: titleId,
  kind: "film",
  state: "draft",
  title: "\u001b[2Jwiped\nout",
  original_language: "en",
  genres: [],
  cast: [],
  artwork: [],
  metadata: {},
  availability: [],
  playable: false,
  created_at: "2026-11-22T09:30:00.000Z",
  updated_at: "2026-11-22T09:30:00.000Z",
  etag: '"1"',
};
