import { FlixError } from "../../kernel/errors.ts";
import type { Kernel, Module } from "../../kernel/module.ts";
import type { Playback } from "../playback/index.ts";
import { rememberStreaming } from "./live-sessions.ts";
import { rememberHeights } from "./package-heights.ts";
import { serveMedia, type EdgeContext } from "./serve-media.ts";

/** The edge module, which delivers media: routes only, no operations of the contract. */
export interface Edge {
  module: Module;
}

export interface EdgeFaces {
  playback: Pick<Playback, "openGrant" | "isStreaming">;
}

export function createEdge({ objects, units, clock, shared }: Kernel, { playback }: EdgeFaces): Edge {
  const context: EdgeContext = {
    objects,
    openGrant: (token) => playback.openGrant(token),
    isStreaming: rememberStreaming(
      (sessionId) => playback.isStreaming(units.read(), sessionId),
      clock,
      shared?.("streaming"),
    ),
    heightsOf: rememberHeights(objects),
  };
  return {
    module: {
      name: "edge",
      handlers: {},
      routes(app) {
        app.route({
          method: ["GET", "HEAD"],
          url: "/media/*",
          handler: (request, reply) => serveMedia(request, reply, context),
        });
        app.route({
          method: ["POST", "PUT", "PATCH", "DELETE"],
          url: "/media/*",
          // Before a body is read.
          onRequest: () =>
            Promise.reject(new FlixError("media_grant_not_valid", { detail: "Media is only read." })),
          handler: () => undefined,
        });
      },
    },
  };
}
