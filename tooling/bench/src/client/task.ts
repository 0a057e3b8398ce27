/** What a client process is told, as JSON in its first argument. */
export interface ClientTask {
  /** The built plugin. */
  readonly bundle: string;
  /** The simulated upstream; the direct way asks it as the pool does. */
  readonly upstreamUrl: string;
  /** Simulated logins for the direct way, one per account of the pool. */
  readonly logins: readonly Login[];
}

export interface Login {
  readonly accessToken: string;
  readonly accountId: string;
}

/** The task of this process. */
export const readTask = (): ClientTask => JSON.parse(process.argv[2] ?? "null") as ClientTask;

/** Hands the outcome to the process that started this one, and ends. */
export function finish(outcome: unknown): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0));
}
