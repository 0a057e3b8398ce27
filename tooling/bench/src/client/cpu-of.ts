import { finish } from "./task.ts";

/** Outcome of this client. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly cpuMs: number;
}

/** What is used here of the API of Bun, under which this client must run: Node cannot ask for a child's CPU. */
declare const Bun: {
  spawn(
    command: readonly string[],
    options: { stdio: readonly ("ignore" | "inherit")[] },
  ): {
    readonly exited: Promise<number>;
    /** Microseconds of the program and of all that it waited for, as `wait4` tells. */
    resourceUsage(): { readonly cpuTime: { readonly total: bigint } };
  };
};

const program = Bun.spawn(process.argv.slice(2), { stdio: ["ignore", "ignore", "inherit"] });
const exitCode = await program.exited;
const cpuMs = Number(program.resourceUsage().cpuTime.total) / 1_000;
finish({ exitCode, cpuMs } satisfies ProgramRun);
