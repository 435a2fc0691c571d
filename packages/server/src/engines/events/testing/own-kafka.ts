import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { startDaemon, type Daemon } from "../../../../../../tools/engines/daemon.ts";
import { freePort } from "../../../../../../tools/engines/free-port.ts";
import { kafka } from "../../../../../../tools/engines/kafka.ts";
import { programCache } from "../../../../../../tools/engines/run-folder.ts";

/** A broker of the test's own, to be killed and started again on the same port and data; only with TLS and a password. */
export interface OwnKafka {
  broker: string;
  /** A PEM file. */
  authority: string;
  username: string;
  password: string;
  kill(): Promise<void>;
  /** Resolves once it answers. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

const username = "flix";
const password = "s3cr:t";

export async function startOwnKafka(): Promise<OwnKafka> {
  const folder = await mkdtemp(join(tmpdir(), "flix-kafka-"));
  const { command, environment, url } = await kafka.prepare(folder, await kafka.provide(programCache));
  const [shell = "", flag = "", line = "", ...rest] = command;
  const port = await freePort();
  const authority = await secure(folder, port);
  const scram = `--add-scram 'SCRAM-SHA-512=[name=${username},password=${password}]'`;
  const words = [shell, flag, line.replace(" format ", ` format ${scram} `), ...rest];
  let daemon: Daemon | undefined;
  const start = async () => {
    daemon = await startDaemon(words, { environment, folder, log: join(folder, "output.log") });
    while (!(await answers(url))) await delay(20);
  };
  const kill = async () => {
    if (daemon !== undefined) process.kill(-daemon.pid, "SIGKILL");
    daemon = undefined;
    while (await answers(url)) await delay(20);
  };
  await start();
  return {
    broker: `127.0.0.1:${port}`,
    authority,
    username,
    password,
    kill,
    start,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
    },
  };
}

/** Adds a listener for clients that want TLS and SCRAM; resolves with the file of the certificate. */
async function secure(folder: string, port: number): Promise<string> {
  const [store, authority] = [join(folder, "broker.p12"), join(folder, "authority.pem")];
  const keytool = (...words: string[]) =>
    promisify(execFile)("keytool", [
      ...words,
      "-alias",
      "broker",
      "-keystore",
      store,
      "-storepass",
      "changeit",
    ]);
  const name = ["-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1"];
  await keytool("-genkeypair", "-keyalg", "EC", "-validity", "30", "-storetype", "PKCS12", ...name);
  await keytool("-exportcert", "-rfc", "-file", authority);
  const properties = join(folder, "server.properties");
  const text = await readFile(properties, "utf8");
  const listener = `SECURE://127.0.0.1:${port}`;
  const listening = text.replaceAll(/^((?:advertised\.)?listeners=.*)$/gm, `$1,${listener}`);
  await writeFile(properties, listening);
  await appendFile(
    properties,
    `inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secure.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PKCS12
ssl.keystore.location=${store}
ssl.keystore.password=changeit
`,
  );
  return authority;
}

function answers(url: string): Promise<boolean> {
  return kafka.ping(url).then(
    () => true,
    () => false,
  );
}
