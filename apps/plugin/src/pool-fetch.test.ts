import { parseAlias, type Alias } from "@open-multi-auth/domain";
import type { Refusal } from "@open-multi-auth/runtime-node";
import { errAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { poolFetch } from "./pool-fetch.ts";

const alias = (name: string): Alias => parseAlias(name)._unsafeUnwrap();

describe("poolFetch", () => {
  it("FAI-03: asks whoever is there to sign in to the first account that failed, and refuses at once", async () => {
    const { ask, toasts } = refusing([alias("work"), alias("home")]);
    const answer = await ask();
    expect(answer.status).toBe(403);
    expect(toasts).toEqual([
      "error: nothing serves",
      "warning: Sign in again to go on. Run: oma reauth work",
    ]);
  });

  it("asks for no sign-in where none would help", async () => {
    const { ask, toasts } = refusing([]);
    await ask();
    expect(toasts).toEqual(["error: nothing serves"]);
  });
});

function refusing(reauthNeeded: readonly Alias[]) {
  const toasts: string[] = [];
  const details = { reasons: {}, attempted: [], reauthNeeded, candidates: [] };
  const refusal = {
    code: "ALL_ACCOUNTS_EXHAUSTED",
    message: "nothing serves",
    details,
  } as unknown as Refusal;
  const fetch = poolFetch(
    { serving: { handle: () => errAsync(refusal) }, limits: { used: () => {}, end: () => {} } },
    { toast: (level, message) => void toasts.push(`${level}: ${message}`), log: () => {} },
  );
  const body = JSON.stringify({ model: "gpt-5.5", input: [] });
  return { toasts, ask: () => fetch("https://api.openai.com/v1/responses", { method: "POST", body }) };
}
