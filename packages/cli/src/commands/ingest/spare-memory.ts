import { setFlagsFromString } from "node:v8";

/**
 * To be called before the first request. Node's fetch reads HTTP by WebAssembly, which V8 after a while compiles once more to run
 * faster: that takes 23 MB for a moment, of which 10 stay, and what waits for a network is none the faster.
 */
export function spareMemory(): void {
  setFlagsFromString("--wasm-tiering-budget=1000000000");
}
