import type { Engine, EngineName, EngineOptions } from "./engine.ts";

/** Loads the engine's code, a file of half a megabyte, only when something plays with it. */
export async function createEngine(name: EngineName, options: EngineOptions): Promise<Engine> {
  switch (name) {
    case "shaka": {
      const { createShakaEngine } = await import("./engine-shaka.ts");
      return createShakaEngine(options);
    }
    case "hls": {
      const { createHlsEngine } = await import("./engine-hls.ts");
      return createHlsEngine(options);
    }
    default:
      return name satisfies never;
  }
}
