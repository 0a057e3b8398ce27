/** What the opening depends on. */
export interface Desktop {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * Opens an address in the person's browser.
 *
 * @returns false where there is none to open: over ssh, without a screen, or without the program that opens it
 */
export async function openBrowser(url: string, { env, platform }: Desktop): Promise<boolean> {
  const command = openerOf({ env, platform });
  if (command === undefined) return false;
  const [program, ...args] = command;
  // Few commands start a program, and loading this takes a tenth of the time of a short one.
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: "ignore", detached: true, env: { ...env } });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

function openerOf({ env, platform }: Desktop): [string, ...string[]] | undefined {
  if (env["SSH_CONNECTION"] || env["SSH_TTY"]) return undefined;
  if (platform === "darwin") return ["open"];
  // Unlike `start`, it takes the address as it is, with every `&`.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open"] : undefined;
}
