/** How a program ended; nothing where it is missing, failed or did not answer. */
export type Run = (command: string, args: readonly string[]) => Promise<string | undefined>;

/** Asks a language server; nothing where it did not answer with JSON. */
export type Ask = (port: number, method: string, csrfToken: string) => Promise<unknown>;
