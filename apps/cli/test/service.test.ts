import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createService } from "../src/service/command.ts";
import { systemPrograms } from "../src/service/run-program.ts";
import { fakeContext } from "../src/testing.ts";
import { parseUsage } from "../src/usage.ts";
import { buildProgram, createSandbox, type Sandbox } from "./sandbox.ts";

const UNIT = ".config/systemd/user/open-multi-auth-gateway.service";
const PLIST = "Library/LaunchAgents/open-multi-auth.gateway.plist";

/** Keeps its services in files of the home folder and notes what it was asked; a file `gone` makes it unreachable. */
const SYSTEMCTL = `#!/bin/sh
echo "$@" >> "$HOME/asked"
shift
if [ -e "$HOME/gone" ]; then echo "Failed to connect to bus: No medium found" >&2; exit 1; fi
case "$1" in
  restart) if [ -e "$HOME/broken" ]; then echo "Job for $2 failed." >&2; exit 1; fi; echo up > "$HOME/running";;
  disable) : > "$HOME/running";;
  show) read -r up < "$HOME/running"
    if [ "$2" != open-multi-auth-gateway.service ] || [ ! -e "$HOME/running" ]; then echo LoadState=not-found; exit 0; fi
    if [ "$up" = up ]; then echo LoadState=loaded; echo ActiveState=active; echo SubState=running; echo MainPID=4242
    else echo LoadState=loaded; echo ActiveState=failed; echo SubState=failed; echo MainPID=0; fi;;
esac
`;

const LAUNCHCTL = `#!/bin/sh
echo "$@" >> "$HOME/asked"
if [ -e "$HOME/gone" ]; then echo "Could not find domain for user gui: 501" >&2; exit 125; fi
case "$1 $2" in
  "bootstrap gui/501") : > "$HOME/running";;
  "bootout gui/501/open-multi-auth.gateway") exec /bin/rm "$HOME/running";;
  "print gui/501") ;;
  "print gui/501/open-multi-auth.gateway")
    if [ ! -e "$HOME/running" ]; then echo "Could not find service" >&2; exit 113; fi
    printf 'gui/501/open-multi-auth.gateway = {\\n\\tactive count = 1\\n\\tstate = running\\n\\tpid = 77\\n}\\n';;
  *) echo "Could not find service" >&2; exit 113;;
esac
`;

let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(() => built.remove());

async function sandboxWith(program: string, script: string): Promise<Sandbox> {
  const sandbox = await createSandbox(built.program);
  onTestFinished(() => sandbox.remove());
  await chmod(await sandbox.write(`bin/${program}`, script), 0o755);
  return sandbox;
}

const asked = async (sandbox: Sandbox): Promise<string[]> => (await sandbox.read("asked")).trim().split("\n");

describe("oma service with systemd", () => {
  it("installs the gateway for good, tells how it stands, and takes it away without a trace", async () => {
    const box = await sandboxWith("systemctl", SYSTEMCTL);
    expect(await box.oma("service", "status")).toMatchObject({
      code: 0,
      stdout: "gateway: not installed\ndashboard: not installed\n",
    });
    const installed = await box.oma("service", "install", "--port", "4242");
    expect([installed.code, installed.stdout]).toEqual([
      0,
      `wrote ${box.path(UNIT)}\nthe gateway runs from now on\n`,
    ]);
    expect(installed.stderr).toContain("loginctl enable-linger");
    expect((await stat(box.path(UNIT))).mode & 0o777).toBe(0o600);
    expect((await asked(box)).slice(-4)).toEqual([
      "--user daemon-reload",
      "--user daemon-reload",
      "--user enable open-multi-auth-gateway.service",
      "--user restart open-multi-auth-gateway.service",
    ]);
    const status = await box.oma("service", "status", "--json");
    expect(JSON.parse(status.stdout)).toMatchObject({
      services: [
        {
          service: "gateway",
          isInstalled: true,
          isRunning: true,
          state: "active (running)",
          pid: 4242,
          path: box.path(UNIT),
        },
        { service: "dashboard", isInstalled: false, isRunning: false, state: null },
      ],
      problem: null,
    });
    const removed = await box.oma("service", "uninstall");
    expect([removed.code, removed.stdout]).toEqual([0, `ended the gateway and removed ${box.path(UNIT)}\n`]);
    expect(box.has(UNIT)).toBe(false);
    expect((await asked(box)).slice(-2)).toEqual([
      "--user disable --now open-multi-auth-gateway.service",
      "--user daemon-reload",
    ]);
    expect((await box.oma("service", "uninstall")).stdout).toBe("no service is installed\n");
  });

  it("GWY-07: what it writes starts a gateway over the pool of this very environment", async () => {
    const box = await sandboxWith("systemctl", SYSTEMCTL);
    const folder = box.path('odd "pool" 100% $HOME');
    box.env["OPENCODE_MULTI_AUTH_STORE_DIR"] = folder;
    const dry = await box.oma("service", "install", "--port", "0");
    expect(dry).toMatchObject({ code: 2, stderr: expect.stringContaining("--port must be") });
    const { stdout, stderr, code } = await box.oma("service", "install", "--port", "41417", "--dry-run");
    expect([code, stderr, box.has(UNIT), box.has("asked")]).toEqual([
      0,
      `would be written to ${box.path(UNIT)}:\n`,
      false,
      false,
    ]);
    const unit = readUnit(stdout);
    expect(unit.command.slice(0, 3)).toEqual([process.execPath, built.program, "gateway"]);
    // Any free port: the one in the file may be taken here.
    const [program, ...args] = unit.command;
    const child = spawn(String(program), [...args.slice(0, -1), "0"], {
      env: { HOME: box.home, ...unit.environment },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0];
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it("says the truth where systemd cannot be asked, and writes nothing there", async () => {
    const box = await sandboxWith("systemctl", SYSTEMCTL);
    await box.oma("service", "install");
    await box.write("gone", "");
    const status = await box.oma("service", "status");
    expect(status.code).toBe(1);
    expect(status.stdout).toContain(
      `gateway: installed (${box.path(UNIT)}); whether it runs cannot be told from here`,
    );
    expect(status.stderr).toContain("note: systemd cannot be asked from here: Failed to connect to bus");
    const other = await box.oma("service", "install", "dashboard");
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringMatching(/^error SERVICE_MANAGER_UNREACHABLE: .*\nfix: .*oma gateway/),
    ]);
    expect(box.has(".config/systemd/user/open-multi-auth-dashboard.service")).toBe(false);
    expect((await box.oma("service", "uninstall")).code).toBe(1);
    expect(box.has(UNIT)).toBe(true);

    const bare = await createSandbox(built.program);
    onTestFinished(() => bare.remove());
    expect((await bare.oma("service", "status")).stderr).toContain("there is no `systemctl`");
  });

  it("tells when the service does not start or does not run", async () => {
    const box = await sandboxWith("systemctl", SYSTEMCTL);
    await box.write("broken", "");
    const failed = await box.oma("service", "install");
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringContaining(
        "error SERVICE_FAILED: `systemctl --user restart open-multi-auth-gateway.service`",
      ),
    ]);
    await box.write("running", "no\n");
    const status = await box.oma("service", "status", "gateway");
    expect([status.code, status.stdout]).toEqual([
      1,
      `gateway: installed (${box.path(UNIT)}); failed (failed)\n`,
    ]);
  });

  it("leaves a unit alone that somebody else wrote, and gives no passphrase away", async () => {
    const box = await sandboxWith("systemctl", SYSTEMCTL);
    await box.write(UNIT, "[Service]\nExecStart=/usr/bin/mine\n");
    for (const verb of ["install", "uninstall", "status"]) {
      const refused = await box.oma("service", verb);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^error SERVICE_FOREIGN: /)]);
    }
    expect(await box.read(UNIT)).toContain("/usr/bin/mine");
    box.env["OPENCODE_MULTI_AUTH_PASSPHRASE"] = "correct horse battery";
    const dry = await box.oma("service", "install", "dashboard", "--dry-run");
    expect(dry.stdout + dry.stderr).not.toContain("horse");
    expect(dry.stderr).toContain("note: OPENCODE_MULTI_AUTH_PASSPHRASE is not given to the service");
  });
});

/** The command on another system, in this process. */
function macOf(box: Sandbox, platform: NodeJS.Platform = "darwin") {
  const command = createService({
    platform,
    uid: 501,
    program: ["/usr/local/bin/node", "/usr/local/lib/oma.js"],
    programs: systemPrograms,
  });
  return async (...args: string[]) => {
    const context = fakeContext({ env: box.env });
    const input = parseUsage("service", command, args)._unsafeUnwrap();
    if (input === "help") throw new Error("no help was asked for");
    const ended = await command.run(input, context);
    return {
      ended: ended.isOk() ? ended.value : ended.error.code,
      out: context.printed,
      notes: context.errors,
    };
  };
}

describe("oma service with launchd", () => {
  it("installs, tells, and takes away", async () => {
    const box = await sandboxWith("launchctl", LAUNCHCTL);
    const oma = macOf(box);
    expect(await oma("install")).toMatchObject({
      ended: 0,
      out: [`wrote ${box.path(PLIST)}`, "the gateway runs from now on"],
    });
    expect(await box.read(PLIST)).toContain("<string>/usr/local/lib/oma.js</string>");
    expect((await asked(box)).at(-1)).toBe(`bootstrap gui/501 ${box.path(PLIST)}`);
    // Once more: what runs is ended first.
    expect(await oma("install")).toMatchObject({ ended: 0, out: ["the gateway runs from now on"] });
    expect((await asked(box)).slice(-2)).toEqual([
      "bootout gui/501/open-multi-auth.gateway",
      `bootstrap gui/501 ${box.path(PLIST)}`,
    ]);
    expect(await oma("status", "gateway")).toMatchObject({
      ended: 0,
      out: [`gateway: installed (${box.path(PLIST)}); running, process 77`],
    });
    expect(await oma("uninstall")).toMatchObject({ ended: 0 });
    expect([box.has(PLIST), box.has("running")]).toEqual([false, false]);
    expect(await oma("status", "gateway")).toMatchObject({ ended: 0, out: ["gateway: not installed"] });
  });

  it("says the truth where launchd cannot be asked; and which systems have neither", async () => {
    const box = await sandboxWith("launchctl", LAUNCHCTL);
    const oma = macOf(box);
    await oma("install");
    await box.write("gone", "");
    expect(await oma("status", "gateway")).toMatchObject({
      ended: 1,
      out: [expect.stringContaining("whether it runs cannot be told from here")],
      notes: [
        expect.stringContaining("launchd cannot be asked from here: Could not find domain"),
        expect.any(String),
      ],
    });
    expect(await oma("install", "dashboard")).toMatchObject({ ended: "SERVICE_MANAGER_UNREACHABLE" });
    expect(await macOf(box, "win32")("status")).toMatchObject({ ended: "SERVICE_UNSUPPORTED" });
  });
});

/** Reads a unit as systemd does: quotes, escapes, specifiers, and `$$` in arguments. */
function readUnit(text: string): { command: string[]; environment: Record<string, string> } {
  const lines = text.split("\n");
  const [program = "", ...args] = words(lines.find((line) => line.startsWith("ExecStart=")) ?? "");
  const pairs = lines.filter((line) => line.startsWith("Environment=")).flatMap(words);
  return {
    command: [program, ...args.map((arg) => arg.replaceAll("$$", "$"))],
    environment: Object.fromEntries(
      pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]),
    ),
  };
}

const unquote = (quoted: string): string =>
  quoted
    .slice(1, -1)
    .replaceAll(/\\(["\\])/g, "$1")
    .replaceAll("%%", "%");

const words = (line: string): string[] =>
  [...line.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([word]) => unquote(word));
