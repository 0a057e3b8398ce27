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

const labelOf = (name: ServiceName): string => `open-multi-auth.${name}`;

/** launchctl's code for a service that it does not know. */
const UNKNOWN = 113;

/** macOS's manager of the person's own services, in the session of the screen. */
export function launchd(home: string, uid: number, run: RunProgram): ServiceManager {
  const domain = `gui/${uid}`;
  const path = (name: ServiceName): string => join(home, "Library", "LaunchAgents", `${labelOf(name)}.plist`);
  const logOf = (name: ServiceName): string => join(home, "Library", "Logs", `open-multi-auth-${name}.log`);
  const ask = async (...args: string[]): Promise<Result<Ended, ServiceError>> => {
    const ended = await run("launchctl", args);
    return ended === undefined ? err(unreachable("there is no `launchctl`")) : ok(ended);
  };
  const tell = async (...args: string[]): Promise<Result<void, ServiceError>> =>
    (await ask(...args)).andThen(({ code, stderr }) => (code === 0 ? ok() : err(refused(args, stderr))));
  const reach = async (): Promise<Result<void, ServiceError>> =>
    (await ask("print", domain)).andThen(({ code, stderr }) =>
      code === 0 ? ok() : err(unreachable(stderr.trim())),
    );
  const stop = async (name: ServiceName): Promise<Result<void, ServiceError>> => {
    const known = await ask("print", `${domain}/${labelOf(name)}`);
    if (known.isErr()) return err(known.error);
    return known.value.code === 0 ? tell("bootout", `${domain}/${labelOf(name)}`) : ok();
  };

  return {
    path,
    text: (spec) => plistText(spec, logOf(spec.name)),
    reach,
    async start(name) {
      const stopped = await stop(name);
      return stopped.isErr() ? stopped : tell("bootstrap", domain, path(name));
    },
    stop,
    forget: async () => {},
    async state(name) {
      const shown = await ask("print", `${domain}/${labelOf(name)}`);
      if (shown.isErr()) return err(shown.error);
      const { code, stdout } = shown.value;
      if (code === 0) return ok(stateIn(stdout));
      const reached = code === UNKNOWN ? ok() : await reach();
      return reached.map(() => ({ state: undefined, isRunning: false }));
    },
    hint: (name) => `it runs while you are logged in; its output: ${logOf(name)}`,
  };
}

function stateIn(shown: string): { state: string; isRunning: boolean; pid?: number } {
  const state = /^\s*state = (.+)$/m.exec(shown)?.[1] ?? "unknown";
  const pid = Number(/^\s*pid = (\d+)$/m.exec(shown)?.[1] ?? 0);
  return { state, isRunning: state === "running", ...(pid > 0 && { pid }) };
}

function plistText({ name, command, environment }: ServiceSpec, log: string): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${MARK} -->`,
    '<plist version="1.0">',
    "<dict>",
    ...entry("Label", string(labelOf(name))),
    ...entry("ProgramArguments", "<array>", ...command.map((word) => `  ${string(word)}`), "</array>"),
    ...entry(
      "EnvironmentVariables",
      "<dict>",
      ...Object.entries(environment).flatMap(([variable, value]) => entry(variable, string(value))),
      "</dict>",
    ),
    ...entry("RunAtLoad", "<true/>"),
    ...entry("KeepAlive", "<dict>", ...entry("SuccessfulExit", "<false/>"), "</dict>"),
    ...entry("ThrottleInterval", "<integer>5</integer>"),
    // 0077: what it writes is for its person alone.
    ...entry("Umask", "<integer>63</integer>"),
    ...entry("StandardOutPath", string(log)),
    ...entry("StandardErrorPath", string(log)),
    "</dict>",
    "</plist>",
  ];
  return `${lines.join("\n")}\n`;
}

const entry = (key: string, ...value: string[]): string[] =>
  [`<key>${escaped(key)}</key>`, ...value].map((line) => `  ${line}`);

const string = (text: string): string => `<string>${escaped(text)}</string>`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const unreachable = (why: string): ServiceError =>
  failure("SERVICE_MANAGER_UNREACHABLE", `launchd cannot be asked from here: ${why}`, {
    fix: "run it in a terminal on the Mac's own screen (not over ssh), or start `oma gateway` yourself",
  });

const refused = (args: readonly string[], said: string): ServiceError =>
  failure("SERVICE_FAILED", `\`launchctl ${args.join(" ")}\` failed: ${said.trim()}`, {
    fix: "try again; the system's log (Console) says more",
  });
