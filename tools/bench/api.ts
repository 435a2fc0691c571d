import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientToken, startApiPlatform, type ApiPlatform } from "./api-platform.ts";
import type { Bench, Figure } from "./bench.ts";
import { loadAll, makeTitles, startBareServer, type BareServer } from "./list-load.ts";

export const api: Bench = {
  question: "What does a signed-in list of 20 titles cost beside bare Fastify serving the same bytes?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    let platform: ApiPlatform | undefined;
    let bare: BareServer | undefined;
    try {
      platform = await startApiPlatform(folder);
      const { url, flix, operator, process } = platform;
      await makeTitles(flix);
      const reader = await readerToken(platform);
      bare = await startBareServer(url, reader);
      const server = process.pid ?? 0;
      return toFigures(
        await loadAll({
          bare: { url: bare.url, server: bare.process.pid ?? 0, token: reader },
          reader: { url, server, token: reader },
          editor: { url, server, token: await clientToken(url, operator) },
        }),
      );
    } finally {
      bare?.process.kill();
      await platform?.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Of somebody who may read the catalog and change nothing. */
export async function readerToken({ url, flix }: ApiPlatform): Promise<string> {
  const client = await flix.createMachineClient({ body: { name: "Bench reader", scopes: ["catalog:read"] } });
  return clientToken(url, { clientId: client.client_id, clientSecret: client.client_secret });
}

function toFigures({
  bare,
  reader,
  editor,
}: Awaited<ReturnType<typeof loadAll<"bare" | "reader" | "editor">>>): Figure[] {
  const anchor = `bare Fastify: ${bare.requestsPerSecond.toFixed(0)} requests/s, ${bare.cpu.toFixed(0)} us CPU each`;
  const figure = (label: string, value: number, goal?: number): Figure => ({
    label,
    value: value.toFixed(2),
    goal: goal === undefined ? "none" : `>= ${goal}`,
    met: goal === undefined || value >= goal,
    anchor,
  });
  return [
    figure(
      "requests/s, a reader's list (kept for a second)",
      reader.requestsPerSecond / bare.requestsPerSecond,
      0.7,
    ),
    figure("1 / CPU a request, a reader's list (kept for a second)", bare.cpu / reader.cpu, 0.7),
    figure("1 / CPU a request, an editor's list, never kept", bare.cpu / editor.cpu),
  ];
}
