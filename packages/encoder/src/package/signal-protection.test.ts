import { expect, it } from "vitest";
import { clearKeySignal, type DrmSignal } from "../protection/drm-signal.ts";
import { signalInMaster, signalInMpd, signalInPlaylist } from "./signal-protection.ts";

const [sd, hd] = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
const widevine = "edef8ba9-79d6-4ace-a3c8-27dcd51d21ed";
const signals: DrmSignal[] = [
  ...[sd, hd].map((keyId) => clearKeySignal(keyId, "cbcs")),
  ...[sd, hd].map((keyId) => ({
    systemId: widevine,
    keyId,
    contentProtection: `<mspr:pro>$& ${keyId}</mspr:pro>`,
    hlsMedia: `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:,${keyId}",KEYFORMAT="urn:uuid:${widevine}"\r\n`,
    hlsMaster: `#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,KEYFORMAT="urn:uuid:${widevine}"`,
  })),
];

/** As shaka-packager 3.4.2 writes it. */
const mpd = (keyId: string) => `<AdaptationSet>
      <ContentProtection value="cbcs" schemeIdUri="urn:mpeg:dash:mp4protection:2011" cenc:default_KID="${keyId}"/>
      <ContentProtection schemeIdUri="urn:uuid:1077efec-c0b2-4d02-ace3-3c1e52e2fb4b">
        <cenc:pssh>of all keys</cenc:pssh>
      </ContentProtection>
      <Representation/>
    </AdaptationSet>`;

it("in DASH, each track has what every system needs of its own key, and nothing of others", () => {
  const told = signalInMpd(`${mpd(sd)}\n${mpd(hd)}`, signals);
  const [first = "", second = ""] = told.split("</AdaptationSet>");
  expect(first.match(/<ContentProtection /g)).toHaveLength(3);
  expect(first).toContain(`<mspr:pro>$& ${sd}</mspr:pro>`);
  expect(first).toContain(`<cenc:pssh>${signals[0]?.pssh?.toString("base64")}</cenc:pssh>`);
  expect(first).not.toContain(hd);
  expect(second).toContain(`<mspr:pro>$& ${hd}</mspr:pro>`);
  expect(told).not.toContain("of all keys");
});

it("in HLS, the packager's line gives way to a line a system, wherever the encryption begins", () => {
  const line = (keyId: string) => {
    const id = Buffer.from(keyId.replaceAll("-", ""), "hex").toString("base64");
    return `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:text/plain;base64,${id}",IV=0x01,KEYFORMAT="identity"`;
  };
  const playlist = `#EXTM3U\n#EXTINF:4,\n1.m4s\n#EXT-X-DISCONTINUITY\n${line(hd)}\n#EXTINF:4,\n2.m4s\n#EXT-X-ENDLIST\n`;
  const lines = signalInPlaylist(playlist, signals).split("\n");
  const keyLines = lines.filter((each) => each.startsWith("#EXT-X-KEY"));
  expect(keyLines).toEqual([
    '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:text/plain;base64,IiIiIiIiIiIiIiIiIiIiIg==",KEYID=0x22222222222222222222222222222222,KEYFORMAT="org.w3.clearkey",KEYFORMATVERSIONS="1"',
    `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:,${hd}",KEYFORMAT="urn:uuid:${widevine}"`,
  ]);
  expect(lines.indexOf(keyLines[0] ?? "")).toBe(lines.indexOf("#EXT-X-DISCONTINUITY") + 1);
  expect(lines.filter((each) => !each.startsWith("#EXT-X-KEY"))).toEqual(
    playlist.split("\n").filter((each) => !each.startsWith("#EXT-X-KEY")),
  );
});

it("in the master playlist, what systems say of the session stands behind the header, each once", () => {
  const master = signalInMaster("#EXTM3U\n\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.m3u8\n", signals);
  expect(master.split("\n").slice(0, 3)).toEqual(["#EXTM3U", signals[2]?.hlsMaster, ""]);
  const clearKeyAlone = signals.slice(0, 2);
  expect(signalInMaster("#EXTM3U\n", clearKeyAlone)).toBe("#EXTM3U\n");
});
