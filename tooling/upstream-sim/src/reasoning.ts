import type { AccountProfile } from "./account.ts";

const prefix = "gAAAAsim_";

/** Encrypted reasoning that only this account can hand back. */
export function sealReasoning(owner: AccountProfile, serial: string): string {
  return prefix + Buffer.from(JSON.stringify([owner.userId, owner.accountId, serial])).toString("base64url");
}

/** Whether every encrypted reasoning item of the request's input was made for this account. */
export function ownsAllReasoning(owner: AccountProfile, requestBody: unknown): boolean {
  return encryptedContents(requestBody).every((content) => isOwn(owner, content));
}

function encryptedContents(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null || !("input" in body) || !Array.isArray(body.input))
    return [];
  const items: readonly unknown[] = body.input;
  return items.flatMap((item) => {
    if (typeof item !== "object" || item === null || !("encrypted_content" in item)) return [];
    return typeof item.encrypted_content === "string" ? [item.encrypted_content] : [];
  });
}

function isOwn(owner: AccountProfile, content: string): boolean {
  const seal = `${JSON.stringify([owner.userId, owner.accountId]).slice(0, -1)},`;
  const opened = Buffer.from(content.slice(prefix.length), "base64url").toString();
  return content.startsWith(prefix) && opened.startsWith(seal);
}
