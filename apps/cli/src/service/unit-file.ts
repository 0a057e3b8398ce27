import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { errnoOf, readTextIfThere } from "../files/read-text.ts";
import { MARK } from "./service.ts";

/** Reads a service's file: null where there is none; one that somebody else has written is not ours to touch. */
export async function readUnit(path: string): Promise<Result<string | null, Failure>> {
  try {
    const text = await readTextIfThere(path);
    return text === null || text.includes(MARK) ? ok(text) : err(foreign(path));
  } catch (thrown) {
    // What is no text was not written here either.
    return errnoOf(thrown) === "unknown" ? err(foreign(path)) : err(unreadable(path, errnoOf(thrown)));
  }
}

const foreign = (path: string): Failure =>
  failure("SERVICE_FOREIGN", `${path} was not written by \`oma service install\`; it stays as it is`, {
    fix: "move it away, or keep it and leave this service to it",
  });

const unreadable = (path: string, errno: string): Failure =>
  failure("CONFIG_UNREADABLE", `${path} cannot be read (${errno})`, {
    path,
    fix: "check that the file is yours and readable",
  });
