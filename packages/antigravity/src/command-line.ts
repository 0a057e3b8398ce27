/** A language server that runs on this machine. */
export interface LanguageServer {
  readonly pid: number;
  /** What it wants to see in every request. */
  readonly csrfToken: string;
}

/**
 * Finds Antigravity's language servers among processes; other editors run ones of the same name.
 *
 * @param listing lines of a process id and its command line
 */
export function findServers(listing: string): LanguageServer[] {
  return listing.split("\n").flatMap((line) => {
    const { pid, command } = /^\s*(?<pid>\d+)\s+(?<command>.*)$/.exec(line)?.groups ?? {};
    if (pid === undefined || command === undefined || !isAntigravity(command)) return [];
    const csrfToken = /--csrf_token[= ](?<token>[\w-]+)/.exec(command)?.groups?.["token"];
    return csrfToken === undefined ? [] : [{ pid: Number(pid), csrfToken }];
  });
}

const isAntigravity = (command: string): boolean =>
  /language_server_(?:macos|linux|windows)/.test(command) && /antigravity/i.test(command);

/** The loopback ports in what `lsof -Fn` says of a process that listens. */
export function portsOf(listing: string): number[] {
  const ports = [...listing.matchAll(/^n(?:127\.0\.0\.1|\[::1\]|localhost|\*):(?<port>\d+)$/gm)];
  return [...new Set(ports.map(({ groups }) => Number(groups?.["port"])))];
}
