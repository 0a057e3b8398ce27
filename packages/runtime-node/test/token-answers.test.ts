import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountId, epochMs, newAccount, parseAlias, type Account } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPool, systemClock, type Pool } from "../src/index.ts";

const DAY = 86_400_000;
const ID = accountId("id-work");
const WORK = parseAlias("work")._unsafeUnwrap();
const MEGABYTE = "x".repeat(1_048_576);

let folder: string;
let pool: Pool;
/** What the server in the place of the token endpoint does, request by request; the last one stays. */
let behaviours: RequestListener[];
let bodies: string[];
let close: () => Promise<void>;
let seen: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oma-answers-"));
  behaviours = [];
  bodies = [];
  seen = 0;
  const server = createServer((request, response) => {
    seen += 1;
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.once("end", () => {
      bodies.push(body);
      (behaviours.length > 1 ? behaviours.shift() : behaviours[0])?.(request, response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { HOME: folder, OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: issuer };
  pool = (await openPool({ env }))._unsafeUnwrap();
  await link({});
  close = async () => {
    await pool.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
});
afterEach(() => close());

describe("an answer of something that is no token endpoint, or a sick one", () => {
  it.each<[string, string, RequestListener]>([
    ["huge and without end", "TOKEN_RESPONSE_INVALID", flood],
    ["no JSON", "TOKEN_RESPONSE_INVALID", answer("<html>canary</html>", { "content-type": "text/html" })],
    ["empty", "TOKEN_RESPONSE_INVALID", answer("", {}, 204)],
    ["a list", "TOKEN_RESPONSE_INVALID", answer(["canary"])],
    ["null", "TOKEN_RESPONSE_INVALID", answer(null)],
    ["a text", "TOKEN_RESPONSE_INVALID", answer(JSON.stringify("canary"))],
    ["without any field", "TOKEN_RESPONSE_INVALID", answer({})],
    [
      "with tokens that are no texts",
      "TOKEN_RESPONSE_INVALID",
      answer({ access_token: 5, refresh_token: ["canary"] }),
    ],
    [
      "with tokens below a prototype",
      "TOKEN_RESPONSE_INVALID",
      answer('{"__proto__": {"access_token": "canary"}}'),
    ],
    ["nested without end", "TOKEN_RESPONSE_INVALID", answer("[".repeat(500_000))],
    ["not UTF-8", "TOKEN_RESPONSE_INVALID", answer(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
    ["a redirect", "TOKEN_RESPONSE_INVALID", answer("", { location: "https://canary.invalid/" }, 307)],
    ["an unknown refusal", "TOKEN_RESPONSE_INVALID", answer({ error: "canary" }, {}, 400)],
    ["cut short", "TOKEN_ENDPOINT_UNREACHABLE", cutShort],
    ["a gateway's page", "TOKEN_ENDPOINT_UNREACHABLE", answer("<html>canary</html>", {}, 502)],
  ])("AUT-04: that is %s costs the account nothing", async (_name, code, behaviour) => {
    behaviours = [behaviour];
    const before = account();
    const failed = (await pool.tokens.ensureFresh(ID))._unsafeUnwrapErr();
    expect(failed.code).toBe(code);
    expect(JSON.stringify(failed)).not.toContain("canary");
    expect(account()).toEqual(before);
    behaviours = [answer({ access_token: "at-good", refresh_token: "rt-good" })];
    expect((await pool.tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe("at-good");
    expect(account()).toMatchObject({ accessToken: "at-good", refreshToken: "rt-good" });
  });

  it.each([
    [
      "of another content type",
      answer({ access_token: "at-good", refresh_token: "rt-good" }, { "content-type": "text/html" }),
    ],
    ["behind a byte order mark", answer('\uFEFF{"access_token": "at-good", "refresh_token": "rt-good"}')],
    [
      "with half a megabyte of other things",
      answer({ more: MEGABYTE.slice(0, 524_288), access_token: "at-good", refresh_token: "rt-good" }),
    ],
    ["with status 201", answer({ access_token: "at-good", refresh_token: "rt-good" }, {}, 201)],
  ])("AUT-04: that is good, but %s, is taken", async (_name, behaviour) => {
    behaviours = [behaviour];
    expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
    expect(account()).toMatchObject({ accessToken: "at-good", refreshToken: "rt-good" });
  });

  it("keeps the refresh token where the answer has no new one", async () => {
    behaviours = [answer({ access_token: "at-good" })];
    expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
    expect(account()).toMatchObject({ accessToken: "at-good", refreshToken: "rt-linked" });
  });

  it.each([
    ["missing", {}],
    ["unfit for a header", { access_token: "at\r\nx-canary: 1" }],
  ])(
    "AUT-04: saves a refresh token whose access token is %s, and uses that the next time",
    async (_name, rest) => {
      behaviours = [answer({ refresh_token: "rt-2", ...rest }), answer({ access_token: "at-good" })];
      expect((await pool.tokens.ensureFresh(ID))._unsafeUnwrapErr().code).toBe("TOKEN_RESPONSE_INVALID");
      expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
      expect(bodies.map((body) => (JSON.parse(body) as { refresh_token: unknown }).refresh_token)).toEqual([
        "rt-linked",
        "rt-2",
      ]);
    },
  );
});

describe("the end of a token", () => {
  it.each([
    ["NaN", '"NaN"'],
    ["beyond all numbers", "1e400"],
    ["negative", "-1"],
    ["a word", '"soon"'],
    ["null", "null"],
  ])("AUT-05: counts as an hour away where expires_in is %s", async (_name, expiresIn) => {
    behaviours = [answer(`{"access_token": "opaque", "refresh_token": "rt-2", "expires_in": ${expiresIn}}`)];
    expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
    expect(account().expiresAt / 60_000).toBeCloseTo(systemClock.now() / 60_000 + 60, 0);
  });

  it.each(["1e400", '"x"', "-5", "0", "null", "9e15"])(
    "AUT-05: counts as an hour away where the token's own claim is %s",
    async (exp) => {
      behaviours = [answer({ access_token: jwt(`{"exp": ${exp}}`), refresh_token: "rt-2" })];
      expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
      expect(account().expiresAt / 60_000).toBeCloseTo(systemClock.now() / 60_000 + 60, 0);
    },
  );

  it("AUT-05: may be forty days away", async () => {
    behaviours = [answer({ access_token: "opaque", refresh_token: "rt-2", expires_in: 40 * 86_400 })];
    expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
    expect((account().expiresAt - systemClock.now()) / DAY).toBeCloseTo(40, 2);
  });

  it.each([
    ["behind", -3 * DAY],
    ["ahead of", 3 * DAY],
  ])(
    "AUT-04: is told by its life where the server's clock is %s ours, and causes one exchange, not one each time",
    async (_name, offsetMs) => {
      const issued = Math.floor((systemClock.now() + offsetMs) / 1000);
      behaviours = [
        answer({
          access_token: jwt(JSON.stringify({ iat: issued, exp: issued + 86_400 })),
          refresh_token: "rt-2",
        }),
      ];
      for (let times = 0; times < 3; times += 1)
        expect((await pool.tokens.ensureFresh(ID)).isOk()).toBe(true);
      expect(seen).toBe(1);
      expect((account().expiresAt - systemClock.now()) / DAY).toBeCloseTo(1, 2);
    },
  );
});

const account = (): Account => pool.store.state().accounts[WORK]!;

async function link(more: Partial<Account>): Promise<void> {
  const credential = {
    accessToken: "",
    refreshToken: "rt-linked",
    expiresAt: epochMs(0),
    source: "import" as const,
  };
  const linked = { ...newAccount(ID, WORK, credential, systemClock.now()), ...more };
  (await pool.store.update((store) => ok({ ...store, accounts: { [WORK]: linked } })))._unsafeUnwrap();
}

function answer(body: unknown, headers: Record<string, string> = {}, status = 200): RequestListener {
  const raw = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return (_request, response) => void response.writeHead(status, headers).end(raw);
}

/** Writes for as long as it is listened to. */
function flood(_request: unknown, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).write('{"access_token": "');
  const more = (): void => {
    while (!response.destroyed && response.write(MEGABYTE)) {}
  };
  response.on("drain", more);
  more();
}

function cutShort(_request: unknown, response: ServerResponse): void {
  response.writeHead(200, { "content-length": "1000" }).write('{"access_token": "canary');
  setImmediate(() => response.destroy());
}

/** A JWT in form, signed by nobody; its claims as JSON. */
function jwt(claims: string): string {
  const parts = ['{"alg":"RS256"}', claims].map((part) => Buffer.from(part).toString("base64url"));
  return `${parts.join(".")}.ZmFrZQ`;
}
