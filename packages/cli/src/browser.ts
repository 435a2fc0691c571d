import { spawn } from "node:child_process";

/** Tries to; whoever has no browser here opens the printed address elsewhere. */
export function openInBrowser(address: string): void {
  const [program, ...args] = opener();
  const child = spawn(program, [...args, address], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function opener(): [string, ...string[]] {
  if (process.platform === "darwin") return ["open"];
  // Not through cmd.exe, which would act on an `&` in the address.
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}
