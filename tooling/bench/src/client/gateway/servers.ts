import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { freePort } from "@open-multi-auth/e2e";

import type { ClientTask, Login } from "../task.ts";
import type { Ask, Told } from "./server.ts";

/** A program under measurement, which tells what it costs when it is asked. */
export interface MeasuredServer {
  readonly port: number;
  tell(): Promise<Told>;
  /** Has it watch its memory and its event loop, or note where its CPU goes, from now on. */
  begin(what: Exclude<Ask, "tell">): void;
  /** Ends it, once it has written its profile. */
  end(): Promise<void>;
}

/** The raw pipe. */
export function startPipe(
  { upstreamUrl }: ClientTask,
  login: Login,
  profile?: string,
): Promise<MeasuredServer> {
  const file = fileURLToPath(new URL("pipe.ts", import.meta.url));
  const credential = [`Bearer ${login.accessToken}`, login.accountId];
  return start([file], (port) => [port, upstreamUrl, ...credential], profile);
}

/** The gateway, and a key that opens it. */
export async function startGateway(
  cli: readonly string[],
  profile?: string,
): Promise<MeasuredServer & { readonly key: string }> {
  const key = execFileSync(process.execPath, [...cli, "key", "create", "bench"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
  return { ...(await start(cli, (port) => ["gateway", "--port", port], profile)), key };
}

/** Starts a program that says a line when it listens. */
async function start(
  program: readonly string[],
  argumentsFor: (port: string) => readonly string[],
  profile: string | undefined,
): Promise<MeasuredServer> {
  const port = await freePort();
  const file = program.at(-1) ?? "";
  const child = fork(file, [...argumentsFor(String(port))], {
    execArgv: [...program.slice(0, -1), "--import", new URL("server.ts", import.meta.url).href],
    env: { ...process.env, ...(profile !== undefined && { BENCH_PROFILE: profile }) },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const onEarlyExit = (): never => {
    throw new Error(`${file} ended before its time`);
  };
  child.once("exit", onEarlyExit);
  if (child.stdout !== null) await once(child.stdout, "data");
  child.stdout?.resume();
  return {
    port,
    tell: () => tell(child),
    begin: (what) => void child.send(what),
    async end() {
      child.off("exit", onEarlyExit);
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

async function tell(child: ChildProcess): Promise<Told> {
  const answer = once(child, "message");
  child.send("tell" satisfies Ask);
  const [message] = (await answer) as [Told];
  return message;
}
