import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askPort } from "./ask-port.ts";
import { provideDebianPackage } from "./debian-package.ts";
import type { Engine } from "./engine.ts";
import { freePort } from "./free-port.ts";

export interface RabbitmqAccess {
  url: string;
}

/** RabbitMQ of Debian's package, as a process of this user: Debian's service is left alone, and so are its files. */
export const rabbitmq: Engine<RabbitmqAccess> = {
  name: "rabbitmq",
  // Not /usr/sbin/rabbitmq-server, which changes to the user of Debian's service.
  provide: () => provideDebianPackage("rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server"),
  async prepare(folder, { path }) {
    const [amqp, distribution, epmd] = [await freePort(), await freePort(), await freePort()];
    await mkdir(join(folder, "home"));
    await writeFile(join(folder, "rabbitmq.conf"), configuration(amqp));
    await writeFile(join(folder, "enabled_plugins"), "[].\n");
    return {
      // Erlang's port mapper would be started as a daemon of its own, and stay; here it is one of the group.
      command: ["/bin/sh", "-c", 'epmd -port "$ERL_EPMD_PORT" & exec "$0"', path],
      environment: {
        HOME: join(folder, "home"),
        RABBITMQ_NODENAME: "flix@localhost",
        RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
        RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "no-advanced.config"),
        RABBITMQ_CONF_ENV_FILE: join(folder, "no-rabbitmq-env.conf"),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
        RABBITMQ_GENERATED_CONFIG_DIR: join(folder, "config"),
        RABBITMQ_MNESIA_BASE: join(folder, "data"),
        RABBITMQ_FEATURE_FLAGS_FILE: join(folder, "feature_flags"),
        RABBITMQ_LOG_BASE: join(folder, "log"),
        RABBITMQ_PID_FILE: join(folder, "rabbitmq.pid"),
        RABBITMQ_DIST_PORT: String(distribution),
        ERL_EPMD_PORT: String(epmd),
        ERL_EPMD_ADDRESS: "127.0.0.1",
        // Idle schedulers sleep instead of spinning on the machine's few cores.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
          "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
      },
      url: `amqp://flix:flix@127.0.0.1:${amqp}`,
    };
  },
  ping: greet,
  access: (url) => ({ url }),
  variables: (url) => ({ AMQP_URL: url }),
  named: ({ FLIX_TEST_AMQP_URL: url }) => (url === undefined ? undefined : { url }),
};

function configuration(port: number): string {
  return `listeners.tcp.1 = 127.0.0.1:${port}
default_user = flix
default_pass = flix
log.file = false
log.console = true
log.console.level = warning
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
`;
}

/** AMQP 0-9-1 section 4.2.2: the server answers the protocol header with the method Connection.Start (frame type 1). */
function greet(url: string): Promise<void> {
  return askPort(url, {
    request: "AMQP\0\0\u0009\u0001",
    isReady: ([type]) => type === 1,
    otherwise: "speaks no AMQP 0-9-1",
  });
}
