import { epochMs, failure, type Credential, type SharedFile } from "@open-multi-auth/domain";
import { errAsync, okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import {
  accessToken,
  account,
  alive,
  fakeStore,
  granted,
  harness,
  hasty,
  ID,
  refusal,
  START,
} from "../test/support.ts";

import { fingerprint } from "./fingerprint.ts";
import type { SharedFiles } from "./ports.ts";

describe("refresh", () => {
  describe("without a way to refresh", () => {
    it("FAI-01: says REFRESH_TOKEN_REJECTED for a dead refresh token", async () => {
      const { tokens, lease } = harness([refusal("refresh_token_invalidated")]);
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr()).toStrictEqual({
        code: "REFRESH_TOKEN_REJECTED",
        message: "the token endpoint refused the refresh token: it was revoked",
        details: { accountId: ID, reason: "revoked", fingerprint: fingerprint("rt_old_00000001") },
      });
      expect(lease.held).toBe(0);
    });

    it("FAI-01: says NO_TOKEN for an unknown account, one without tokens, and an unreadable store", async () => {
      const empty = harness([], { store: fakeStore(account({ accessToken: "", refreshToken: "" })) });
      expect((await empty.tokens.ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
        code: "NO_TOKEN",
        details: { why: "no-refresh-token", fingerprint: fingerprint("") },
      });
      const { tokens, store } = harness([granted("new")]);
      store.unreadable = true;
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
        code: "NO_TOKEN",
        details: { why: "store-unreadable" },
      });
      store.accounts.clear();
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
        code: "NO_TOKEN",
        details: { why: "unknown-account" },
      });
    });

    it("says REFRESH_LEASE_TIMEOUT when another process does not let go", async () => {
      const { tokens, lease, exchanges } = harness([granted("new")]);
      lease.refusal = "LEASE_HELD";
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr().code).toBe("REFRESH_LEASE_TIMEOUT");
      expect(exchanges).toHaveLength(0);
      lease.refusal = undefined;
      expect((await tokens.ensureFresh(ID)).isOk()).toBe(true);
    });

    it("CON-15: refreshes once for all callers, and tells, when no claim can be made at all", async () => {
      const { tokens, lease, exchanges, problems } = harness([granted("new")]);
      lease.refusal = "LEASE_UNAVAILABLE";
      const answers = await Promise.all([tokens.ensureFresh(ID), tokens.ensureFresh(ID)]);
      expect(answers.map((answer) => answer._unsafeUnwrap().accessToken)).toStrictEqual([
        accessToken("new"),
        accessToken("new"),
      ]);
      expect(exchanges).toHaveLength(1);
      expect(problems.map(({ code }) => code)).toStrictEqual(["LEASE_UNAVAILABLE"]);
    });

    it("looks into the store again before it holds a reused token for dead", async () => {
      const { tokens, store } = harness([
        Promise.resolve().then(() => {
          store.onDisk = account(alive("winner"));
          return refusal("refresh_token_reused");
        }),
      ]);
      expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("winner"));
    });
  });

  describe("with shared files", () => {
    it("AUT-11: takes a newer living token of the file without an exchange, and saves it", async () => {
      const sharedFiles = fakeSharedFiles(alive("codex"));
      const { tokens, store, exchanges } = harness([granted("new")], { sharedFiles });
      expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("codex"));
      expect(store.account(ID)?.refreshToken).toBe("rt_codex_00000001");
      expect(exchanges).toHaveLength(0);
    });

    it("AUT-11: waits for another tool that has used the token up to write the new one into its file", async () => {
      const sharedFiles = fakeSharedFiles(undefined);
      const waits: number[] = [];
      const timers = {
        ...hasty,
        async pause(ms: number) {
          waits.push(ms);
          if (waits.length === 2) sharedFiles.inFile = alive("codex");
        },
      };
      const store = fakeStore(account({}, ID, SHARED));
      const { tokens, exchanges } = harness([refusal("refresh_token_reused")], {
        sharedFiles,
        store,
        timers,
      });
      expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("codex"));
      expect(exchanges).toHaveLength(1);
    });

    it("AUT-11: uses whatever the file holds instead of a token that is used up, and condemns only the account's own", async () => {
      const older = { ...alive("older"), expiresAt: epochMs(START - 60_000) };
      const sharedFiles = fakeSharedFiles(older);
      sharedFiles.newest = ({ expiresAt }) => okAsync(older.expiresAt > expiresAt ? older : undefined);
      const store = fakeStore(account({}, ID, SHARED));
      const answers = [refusal("refresh_token_reused"), refusal("refresh_token_reused")];
      const { tokens, exchanges } = harness(answers, { sharedFiles, store });
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
        code: "REFRESH_TOKEN_REJECTED",
        details: { reason: "reused", fingerprint: fingerprint("rt_old_00000001") },
      });
      expect(exchanges.map(({ refreshToken }) => refreshToken)).toStrictEqual([
        "rt_old_00000001",
        "rt_older_00000001",
      ]);
    });

    it("gives up on an account whose tokens are refused faster than they change", async () => {
      let turn = 0;
      const sharedFiles = fakeSharedFiles(undefined);
      sharedFiles.newest = () => okAsync({ ...alive(`turn-${(turn += 1)}`), expiresAt: epochMs(START - 5) });
      const { tokens, exchanges } = harness([refusal("refresh_token_expired")], { sharedFiles });
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr().code).toBe("REFRESH_TOKEN_REJECTED");
      expect(exchanges).toHaveLength(3);
    });

    it("AUT-11: exchanges a newer expired token of the file, and hands the new ones back", async () => {
      const sharedFiles = fakeSharedFiles({ ...alive("codex"), expiresAt: epochMs(START - 5) });
      const { tokens, exchanges } = harness([granted("new")], { sharedFiles });
      await tokens.ensureFresh(ID);
      expect(exchanges.map(({ refreshToken }) => refreshToken)).toStrictEqual(["rt_codex_00000001"]);
      expect(sharedFiles.written).toStrictEqual([
        ["rt_old_00000001", "rt_new_00000001"],
        ["rt_codex_00000001", "rt_new_00000001"],
      ]);
    });

    it("falls back to the account's own token when the file's is dead", async () => {
      const sharedFiles = fakeSharedFiles({ ...alive("codex"), expiresAt: epochMs(START - 5) });
      const { tokens, exchanges } = harness([refusal("refresh_token_expired"), granted("new")], {
        sharedFiles,
      });
      expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
      expect(exchanges.map(({ refreshToken }) => refreshToken)).toStrictEqual([
        "rt_codex_00000001",
        "rt_old_00000001",
      ]);
    });

    it("FAI-01: says NO_TOKEN when the file's is dead and the account has none of its own", async () => {
      const sharedFiles = fakeSharedFiles({ ...alive("codex"), expiresAt: epochMs(START - 5) });
      const store = fakeStore(account({ refreshToken: "" }));
      const { tokens } = harness([refusal("refresh_token_expired")], { sharedFiles, store });
      expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr().code).toBe("NO_TOKEN");
    });

    it("reports a file that it cannot use, and refreshes all the same", async () => {
      const broken = failure("AUTH_FILE_INVALID", "not JSON", {});
      const sharedFiles = { newest: () => errAsync(broken), writeBack: () => errAsync(broken) };
      const { tokens, problems } = harness([granted("new")], { sharedFiles });
      expect((await tokens.ensureFresh(ID)).isOk()).toBe(true);
      expect(problems).toStrictEqual([broken, broken]);
    });
  });
});

const SHARED: SharedFile[] = [{ kind: "codex-auth-json", path: "/home/person/auth.json", fingerprint: "f" }];

interface FakeSharedFiles extends SharedFiles {
  inFile: Credential | undefined;
  readonly written: [before: string, after: string][];
}

function fakeSharedFiles(inFile: Credential | undefined): FakeSharedFiles {
  const files: FakeSharedFiles = {
    inFile,
    written: [],
    newest: () => okAsync(files.inFile),
    writeBack: (_account, before, credential) => {
      files.written.push([before.refreshToken, credential.refreshToken]);
      return okAsync(undefined);
    },
  };
  return files;
}
