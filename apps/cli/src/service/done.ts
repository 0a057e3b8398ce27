import { ok } from "neverthrow";
import type { ExitCode } from "../command.ts";

/** Nothing went wrong. */
export const DONE = ok<ExitCode>(0);
