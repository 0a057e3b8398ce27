import { after, failure, toIso, type Actor, type EpochMs, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { ApiClock } from "./ports.ts";

/** Randomness and comparison of secrets, for which a runtime has its own means. */
export interface Secrets {
  /** 256 random bits, in letters that a header and an address can hold. */
  random(): string;
  /** Compares in a time that tells nothing about where two texts differ. */
  same(one: string, other: string): boolean;
  /** A keyed digest of a text. */
  sign(key: string, text: string): string;
}

/** Who may call. */
export interface Caller {
  /** `cookie`: a page of ours, whose browser sends it by itself; so more is asked of its changes. */
  readonly by: "cookie" | "token";
  readonly actor: Actor;
}

/** Launch codes, sessions and the token of one run of the server. All of it ends with the run. */
export interface Sessions {
  /** The token, for tools; it is on disk in a file of its own, for its owner only. */
  readonly token: string;
  /** A code that begins one session within a minute. */
  launchCode(): { readonly code: string; readonly expiresAt: string };
  /** Exchanges a code for a session. @returns the cookie to set, or `LAUNCH_CODE_INVALID` */
  begin(code: string): Result<string, Failure<"LAUNCH_CODE_INVALID", { fix: string }>>;
  /** Ends the session of a request. @returns the cookie to set */
  end(request: Request): string;
  callerOf(request: Request): Caller | undefined;
  /** Shows that this server knows the token, by what only who knows it can make of the nonce. */
  proof(nonce: string): string;
}

/** What {@link createSessions} is made of. */
export interface SessionsDeps {
  readonly secrets: Secrets;
  readonly clock: ApiClock;
  /** In the cookie's name, since cookies of one machine are shared by all its ports. */
  readonly port: number;
  /** The operating system's name of the person. */
  readonly user: string | undefined;
}

const LAUNCH_MS = 60_000;
/** Older ones give way: nobody has that many pages. */
const MOST = 64;

/** Begins the sessions of a run. */
export function createSessions({ secrets, clock, port, user }: SessionsDeps): Sessions {
  const token = secrets.random();
  const name = `oma_session_${port}`;
  const codes = new Map<string, EpochMs>();
  let sessions: string[] = [];
  const actor = (via: Actor["via"]): Actor => ({ via, ...(user !== undefined && { user }) });
  const has = (known: Iterable<string>, given: string): boolean =>
    // Each is compared, so that the time tells nothing.
    [...known].filter((one) => secrets.same(one, given)).length > 0;

  return {
    token,
    launchCode() {
      const code = secrets.random();
      const expiresAt = after(clock.now(), LAUNCH_MS);
      codes.set(code, expiresAt);
      for (const oldest of [...codes.keys()].slice(0, -MOST)) codes.delete(oldest);
      return { code, expiresAt: toIso(expiresAt) ?? "" };
    },
    begin(given) {
      const code = [...codes.keys()].find((known) => secrets.same(known, given));
      const expiresAt = code === undefined ? undefined : codes.get(code);
      if (code !== undefined) codes.delete(code);
      if (expiresAt === undefined || expiresAt <= clock.now()) return err(codeInvalid());
      const session = secrets.random();
      sessions = [...sessions, session].slice(-MOST);
      return ok(`${name}=${session}; ${FLAGS}`);
    },
    end(request) {
      const own = cookies(request, name);
      sessions = sessions.filter((session) => !has(own, session));
      return `${name}=; Max-Age=0; ${FLAGS}`;
    },
    callerOf(request) {
      const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (bearer !== undefined) {
        return secrets.same(token, bearer) ? { by: "token", actor: actor("api") } : undefined;
      }
      return cookies(request, name).some((given) => has(sessions, given))
        ? { by: "cookie", actor: actor("dashboard") }
        : undefined;
    },
    // With the port: who forwards the question from another port does not get its answer.
    proof: (nonce) => secrets.sign(token, `open-multi-auth ${port} ${nonce}`),
  };
}

const FLAGS = "Path=/; HttpOnly; SameSite=Strict";

function cookies(request: Request, name: string): string[] {
  return (request.headers.get("cookie") ?? "").split(";").flatMap((pair) => {
    const [key = "", value = ""] = pair.trim().split("=");
    return key === name && value !== "" ? [value] : [];
  });
}

const codeInvalid = (): Failure<"LAUNCH_CODE_INVALID", { fix: string }> =>
  failure("LAUNCH_CODE_INVALID", "this address was used already, or is older than a minute", {
    fix: "run `oma dashboard` again for a new one",
  });
