import { ENVIRONMENT_PREFIX, ENVIRONMENT_VARIABLES } from "@open-multi-auth/domain";
import type { Context } from "../context.ts";
import { failed, fine, warning, type Finding } from "./check.ts";

const OLDEST: readonly [major: number, minor: number] = [20, 19];

/** Whether this program runs on a Node that it was made for. */
export function checkRuntime(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const message = `Node.js ${version}`;
  const recent = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return recent
    ? fine("runtime", message)
    : failed("runtime", `${message} is too old`, `install Node.js ${OLDEST.join(".")} or newer`);
}

/** Which of our variables are set. Invalid ones never get here: they end every command. */
export function checkEnvironment({ env }: Pick<Context, "env">): Finding {
  const names = Object.keys(env).filter((name) => name.startsWith(ENVIRONMENT_PREFIX) && env[name] !== "");
  const unknown = names.filter((name) => !ENVIRONMENT_VARIABLES.has(name));
  if (unknown.length > 0) {
    const fix = "check the spelling, or unset them";
    return warning("environment", `not used by this version: ${unknown.join(", ")}`, fix);
  }
  return fine("environment", names.length === 0 ? "no variable of ours is set" : `set: ${names.join(", ")}`);
}
