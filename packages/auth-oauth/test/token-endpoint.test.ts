import { startUpstreamSim, type Step, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { accountId, epochMs, type Account } from "@open-multi-auth/domain";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTokenSource, fingerprint, type TokenSource } from "../src/index.ts";
import { realFetch } from "./real-fetch.ts";
import { account, fakeLease, fakeStore, hasty, type FakeStore } from "./support.ts";

let sim: UpstreamSim;
beforeEach(async () => {
  sim = await startUpstreamSim({ accounts: [{ alias: "work" }] });
});
afterEach(() => sim.close());

const exchanges = () => sim.log().filter(({ endpoint }) => endpoint === "token");

/** The simulator's account as it was linked long ago: its access token is over. */
function linked(): Account {
  const { accessToken, refreshToken } = sim.tokensOf("work");
  return account({ accessToken, refreshToken, expiresAt: epochMs(0) });
}

function source(store: FakeStore, patienceMs?: number, issuerUrl = sim.issuerUrl): TokenSource {
  const clock = { now: () => epochMs(Date.now()) };
  return createTokenSource({
    store,
    lease: fakeLease(),
    fetch: realFetch(patienceMs),
    clock,
    timers: hasty,
    issuerUrl,
  });
}

const ID = accountId("acc-1");

describe("a token endpoint over HTTP", () => {
  it("AUT-04: sees one exchange for 16 callers, and its rotation is what the store holds", async () => {
    const store = fakeStore(linked());
    sim.script("work", [{ kind: "ok", delayMs: 100 }], "token");
    const tokens = source(store);
    const answers = await Promise.all(Array.from({ length: 16 }, () => tokens.ensureFresh(ID)));
    const { accessToken, refreshToken } = sim.tokensOf("work");
    expect(new Set(answers.map((answer) => answer._unsafeUnwrap().accessToken))).toStrictEqual(
      new Set([accessToken]),
    );
    expect(store.account(ID)).toMatchObject({ accessToken, refreshToken });
    expect(exchanges()).toHaveLength(1);
  });

  it("gives new tokens again and again, each refresh token used once", async () => {
    const store = fakeStore(linked());
    const tokens = source(store);
    const seen = new Set<string>();
    let rejected: string | undefined;
    for (let round = 0; round < 3; round += 1) {
      const token = (
        await tokens.ensureFresh(ID, rejected === undefined ? {} : { rejected })
      )._unsafeUnwrap();
      seen.add(token.accessToken);
      rejected = token.fingerprint;
    }
    expect(seen.size).toBe(3);
    expect(exchanges().map(({ grant }) => grant?.result)).toStrictEqual(["granted", "granted", "granted"]);
  });

  it("does without expires_in, token_type and id_token", async () => {
    const added = sim.addAccount({
      alias: "bare",
      omitFromTokenAnswer: ["expires_in", "token_type", "id_token"],
    });
    const { refreshToken } = added.tokens;
    const store = fakeStore(account({ refreshToken, accessToken: "", expiresAt: epochMs(0) }));
    const token = (await source(store).ensureFresh(ID))._unsafeUnwrap();
    expect(token.fingerprint).toBe(fingerprint(sim.tokensOf("bare").accessToken));
    expect(store.account(ID)?.expiresAt).toBe(sim.tokensOf("bare").expiresAt);
  });

  it.each([
    ["refresh-reused", "reused"],
    ["refresh-revoked", "revoked"],
    ["refresh-expired", "expired"],
    ["refresh-malformed", "malformed"],
  ] as const)("FAI-01: condemns the refresh token on %s", async (kind, reason) => {
    sim.script("work", [{ kind }], "token");
    expect((await source(fakeStore(linked())).ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
      code: "REFRESH_TOKEN_REJECTED",
      details: { reason },
    });
    expect(exchanges()).toHaveLength(1);
  });

  it("condemns a refresh token that was really used before", async () => {
    const before = linked();
    await source(fakeStore(before)).ensureFresh(ID);
    expect((await source(fakeStore(before)).ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
      code: "REFRESH_TOKEN_REJECTED",
      details: { reason: "reused" },
    });
  });

  it.each<[string, Step<"token">]>([
    ["TOKEN_ENDPOINT_UNREACHABLE", { kind: "server-error", times: 3 }],
    ["TOKEN_ENDPOINT_UNREACHABLE", { kind: "html", times: 3 }],
    ["TOKEN_ENDPOINT_UNREACHABLE", { kind: "reset", times: 3 }],
    ["TOKEN_ENDPOINT_UNREACHABLE", { kind: "status", status: 429 }],
    ["TOKEN_ENDPOINT_UNREACHABLE", { kind: "hang" }],
    ["TOKEN_RESPONSE_INVALID", { kind: "garbage" }],
    ["TOKEN_RESPONSE_INVALID", { kind: "redirect", location: "https://elsewhere.invalid/" }],
  ])("says %s, and serves the next call, after %j", async (code, step) => {
    sim.script("work", [step], "token");
    const tokens = source(fakeStore(linked()), 500);
    expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr().code).toBe(code);
    expect((await tokens.ensureFresh(ID)).isOk()).toBe(true);
  });

  it.each<Step<"token">>([{ kind: "server-error", times: 2 }, { kind: "html" }, { kind: "reset" }])(
    "tries again by itself after %j",
    async (step) => {
      sim.script("work", [step], "token");
      expect((await source(fakeStore(linked())).ensureFresh(ID)).isOk()).toBe(true);
    },
  );

  it("says TOKEN_ENDPOINT_UNREACHABLE when nobody listens", async () => {
    const { issuerUrl } = sim;
    const store = fakeStore(linked());
    await sim.close();
    const failed = (await source(store, 20_000, issuerUrl).ensureFresh(ID))._unsafeUnwrapErr();
    expect(failed).toMatchObject({
      code: "TOKEN_ENDPOINT_UNREACHABLE",
      details: { errorCode: "ECONNREFUSED" },
    });
    sim = await startUpstreamSim({ accounts: [] });
  });
});

describe("an imported login", () => {
  const runtimes = [
    ["Node", process.execPath],
    ["Bun", join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin", "bun.exe")],
  ] as const;

  it.each(runtimes)(
    "AUT-11: is refreshed once in %s, and its file is up to date afterwards",
    async (_name, runtime) => {
      const folder = await mkdtemp(join(tmpdir(), "refresh-once-"));
      try {
        const { accessToken, refreshToken } = sim.tokensOf("work");
        const path = join(folder, "auth.json");
        const tokens = { access_token: accessToken, refresh_token: refreshToken };
        await writeFile(path, JSON.stringify({ tokens, other: true }));
        const script = fileURLToPath(new URL("refresh-once.ts", import.meta.url));
        const { stdout } = await promisify(execFile)(runtime, [
          "--conditions=@open-multi-auth/source",
          script,
          path,
          sim.issuerUrl,
        ]);
        const now = sim.tokensOf("work");
        expect(JSON.parse(stdout)).toMatchObject(
          Array.from({ length: 4 }, () => ({ accessToken: now.accessToken })),
        );
        expect(exchanges()).toHaveLength(1);
        expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
          tokens: { access_token: now.accessToken, refresh_token: now.refreshToken },
          other: true,
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
