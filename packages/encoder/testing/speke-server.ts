import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { Cpix, CpixDrmSystem } from "../src/protection/cpix.ts";
import { systemIds } from "../src/protection/drm-signal.ts";
import { psshBox } from "../src/protection/pssh.ts";
import { readCpix } from "../src/protection/read-cpix.ts";
import { writeCpix } from "../src/protection/write-cpix.ts";

export interface SpekeServer {
  url: string;
  requests: { headers: IncomingHttpHeaders; document: Cpix }[];
  /** Answers in place of the real answer, each once. */
  failures: ((response: ServerResponse) => void)[];
  /** Changes what is answered. */
  spoil: (answer: Cpix) => Cpix;
}

/** A DRM vendor's key server: fills the gaps of a SPEKE v2 request, the same for the same content and key id. */
export async function startSpekeServer(): Promise<SpekeServer> {
  const server = createServer((request, response) => {
    void text(request).then((body) => answer(request.headers, body, response));
  });
  const speke: SpekeServer = { url: "", requests: [], failures: [], spoil: (cpix) => cpix };
  const answer = (headers: IncomingHttpHeaders, body: string, response: ServerResponse): void => {
    const document = readCpix(body, (reason) => new Error(reason));
    speke.requests.push({ headers, document });
    const failure = speke.failures.shift();
    if (failure) return failure(response);
    response.writeHead(200, {
      "content-type": "application/xml",
      "x-speke-version": "2.0",
      "x-speke-user-agent": "test",
    });
    response.end(writeCpix(speke.spoil(fill(document))));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  speke.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/speke/v2.0/copyProtection`;
  return speke;
}

export function keyFor(contentId: string, keyId: string): Buffer {
  return createHash("sha256").update(`${contentId} ${keyId}`).digest().subarray(0, 16);
}

function fill(asked: Cpix): Cpix {
  const keys = asked.keys.map((key) => ({
    ...key,
    key: keyFor(asked.contentId, key.keyId),
    iv: keyFor("iv", key.keyId),
  }));
  return { ...asked, keys, drmSystems: asked.drmSystems.map(fillSystem) };
}

function fillSystem({ keyId, systemId, ...gaps }: CpixDrmSystem): CpixDrmSystem {
  const hex = keyId.replaceAll("-", "");
  const format =
    systemId === systemIds["com.apple.fps"]
      ? `URI="skd://${keyId}",KEYFORMAT="com.apple.streamingkeydelivery"`
      : `URI="data:text/plain;base64,AAAA",KEYID=0x${hex},KEYFORMAT="urn:uuid:${systemId}"`;
  const attributes = `METHOD=SAMPLE-AES,${format},KEYFORMATVERSIONS="1"`;
  const pssh = psshBox(systemId, [keyId]);
  return {
    keyId,
    systemId,
    ...(gaps.pssh && { pssh }),
    ...(gaps.contentProtection !== undefined && {
      contentProtection: `<pssh xmlns="urn:mpeg:cenc:2013">${pssh.toString("base64")}</pssh>`,
    }),
    ...(gaps.hlsMedia !== undefined && { hlsMedia: `#EXT-X-KEY:${attributes}` }),
    ...(gaps.hlsMaster !== undefined && { hlsMaster: `#EXT-X-SESSION-KEY:${attributes}` }),
  };
}
