import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { join } from "node:path";
import type { Ended, RunProgram } from "./run-program.ts";
import {
  MARK,
  type ServiceError,
  type ServiceManager,
  type ServiceName,
  type ServiceSpec,
} from "./service.ts";

const unitOf = (name: ServiceName): string => `open-multi-auth-${name}.service`;

/** systemd's manager of the person's own services. */
export function systemd(configFolder: string, run: RunProgram): ServiceManager {
  const ask = async (...args: string[]): Promise<Result<Ended, ServiceError>> => {
    const ended = await run("systemctl", ["--user", ...args]);
    if (ended === undefined) return err(unreachable("there is no `systemctl`"));
    const said = ended.stderr.trim();
    return /failed to connect|no medium found/i.test(said) ? err(unreachable(said)) : ok(ended);
  };
  const tell = async (...args: string[]): Promise<Result<void, ServiceError>> =>
    (await ask(...args)).andThen(({ code, stderr }) => (code === 0 ? ok() : err(refused(args, stderr))));

  return {
    path: (name) => join(configFolder, "systemd", "user", unitOf(name)),
    text: unitText,
    reach: () => tell("daemon-reload"),
    async start(name) {
      for (const step of [["daemon-reload"], ["enable", unitOf(name)], ["restart", unitOf(name)]]) {
        const done = await tell(...step);
        if (done.isErr()) return done;
      }
      return ok();
    },
    stop: (name) => tell("disable", "--now", unitOf(name)),
    forget: async () => void (await ask("daemon-reload")),
    state: async (name) => (await ask("show", unitOf(name), PROPERTIES)).map(({ stdout }) => stateIn(stdout)),
    hint: (name) =>
      `it runs while you are logged in (always: \`loginctl enable-linger\`); its output: \`journalctl --user -u ${unitOf(name)}\``,
  };
}

const PROPERTIES = "--property=LoadState,ActiveState,SubState,MainPID";

function stateIn(shown: string): { state: string | undefined; isRunning: boolean; pid?: number } {
  const properties = new Map(
    shown.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]),
  );
  if (properties.get("LoadState") === "not-found") return { state: undefined, isRunning: false };
  const [active = "unknown", sub = "unknown"] = [properties.get("ActiveState"), properties.get("SubState")];
  const pid = Number(properties.get("MainPID"));
  const isRunning = active === "active" && sub === "running";
  return { state: `${active} (${sub})`, isRunning, ...(pid > 0 && { pid }) };
}

function unitText({ name, command, environment }: ServiceSpec): string {
  const [program = "", ...args] = command;
  const lines = [
    `# ${MARK}`,
    "[Unit]",
    `Description=open-multi-auth: ${name}`,
    "",
    "[Service]",
    // In the program's own path no variable is looked for.
    `ExecStart=${quoted(program)} ${args.map((arg) => quoted(arg).replaceAll("$", "$$$$")).join(" ")}`,
    ...Object.entries(environment).map(
      ([variable, value]) => `Environment=${quoted(`${variable}=${value}`)}`,
    ),
    "Restart=on-failure",
    "RestartSec=5",
    "UMask=0077",
    "",
    "[Install]",
    "WantedBy=default.target",
  ];
  return `${lines.join("\n")}\n`;
}

/** systemd.syntax(7), "Quoting", and its specifiers. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("%", "%%");
  return `"${escaped}"`;
}

const unreachable = (why: string): ServiceError =>
  failure("SERVICE_MANAGER_UNREACHABLE", `systemd cannot be asked from here: ${why}`, {
    fix: "run it in a login session of your own (not in a container, nor by su or sudo), or start `oma gateway` yourself",
  });

const refused = (args: readonly string[], said: string): ServiceError =>
  failure("SERVICE_FAILED", `\`systemctl --user ${args.join(" ")}\` failed: ${said.trim()}`, {
    fix: "see `systemctl --user status`, then try again",
  });
