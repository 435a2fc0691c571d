const surroundGroup = "audio-51";

export function audioGroup(channels: number): string {
  return channels > 2 ? surroundGroup : "audio";
}

/**
 * What the packager leaves to do in its master playlist (RFC 8216bis section 4.4.6.1). Every group has the same members, so that a player
 * with surround still finds the commentary: where there is no surround, the stereo stands in for it. And what serves accessibility may be
 * selected by the viewer's settings.
 */
export function completeGroups(playlist: string): string {
  const lines = playlist.split("\n").map(selectable);
  const media = lines.filter((line) => line.startsWith("#EXT-X-MEDIA:TYPE=AUDIO"));
  const surround = media.filter((line) => attribute(line, "GROUP-ID") === surroundGroup);
  const [last] = surround.slice(-1);
  if (last === undefined) return lines.join("\n");
  const missing = media.filter((line) => !surround.some((other) => isSameMember(line, other)));
  const added = missing.map((line) => line.replace(/GROUP-ID="[^"]*"/, `GROUP-ID="${surroundGroup}"`));
  lines.splice(lines.indexOf(last) + 1, 0, ...added);
  return lines.join("\n");
}

function isSameMember(a: string, b: string): boolean {
  return ["LANGUAGE", "NAME"].every((name) => attribute(a, name) === attribute(b, name));
}

function selectable(line: string): string {
  const serves = line.startsWith("#EXT-X-MEDIA:") && line.includes("CHARACTERISTICS=");
  return serves && !line.includes("AUTOSELECT=")
    ? line.replace("DEFAULT=NO", "DEFAULT=NO,AUTOSELECT=YES")
    : line;
}

function attribute(line: string, name: string): string | undefined {
  return new RegExp(`[:,]${name}="([^"]*)"`).exec(line)?.[1];
}
