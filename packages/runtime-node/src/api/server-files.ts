import { readOwnFile, removeOwnFile, writeOwnFile } from "@open-multi-auth/core-store/node";
import type { StoreError } from "@open-multi-auth/core-store";
import type { Clock, Random } from "@open-multi-auth/domain";
import { ok, type ResultAsync } from "neverthrow";
import { join } from "node:path";
import { z } from "zod";

/** Where the server of this folder is, for other programs of the same person. */
const serverFileSchema = z.looseObject({
  pid: z.number().int().positive(),
  /** As `127.0.0.1:3434`. */
  authority: z.string().regex(/^(127\.0\.0\.1|\[::1\]):\d{1,5}$/),
  version: z.string(),
  startedAt: z.string(),
  /** Tells the process apart from a later one with the same pid. Servers before it had none. */
  process: z.object({ pid: z.number(), start: z.string(), host: z.string() }).optional(),
});
export type ServerFile = z.infer<typeof serverFileSchema>;

/** A server that said where it is. Whether it is there still is another question. */
export interface SaidServer extends ServerFile {
  readonly token: string;
}

interface Deps {
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** `server.json` without a secret, and the token in a file of its own; both 0600. */
export interface ServerFiles {
  write(server: ServerFile, token: string): ResultAsync<void, StoreError>;
  /** What is written there; undefined where nothing is, or nothing of ours. */
  read(): ResultAsync<SaidServer | undefined, StoreError>;
  /** Removes them, if they are still those of this process. */
  remove(pid: number): ResultAsync<void, StoreError>;
}

export function serverFiles({ folder, clock, random }: Deps): ServerFiles {
  const file = join(folder, "server.json");
  const tokenFile = join(folder, "server.token");
  const read: ServerFiles["read"] = () =>
    readOwnFile(file).andThen((text) =>
      readOwnFile(tokenFile).map((token) => {
        const said = parsed(text);
        return said && token !== undefined && token.trim() !== ""
          ? { ...said, token: token.trim() }
          : undefined;
      }),
    );
  return {
    // The token first: who finds the server can use it.
    write: (server, token) =>
      writeOwnFile(tokenFile, `${token}\n`, { clock, random }).andThen(() =>
        writeOwnFile(file, `${JSON.stringify(server, null, 2)}\n`, { clock, random }),
      ),
    read,
    remove: (pid) =>
      read().andThen((said) =>
        said?.pid === pid ? removeOwnFile(file).andThen(() => removeOwnFile(tokenFile)) : ok(),
      ),
  };
}

function parsed(text: string | undefined): ServerFile | undefined {
  try {
    return serverFileSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
