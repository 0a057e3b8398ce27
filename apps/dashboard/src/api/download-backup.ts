import type { ApiResult } from "./client.ts";
import type { FailureView } from "./contract.ts";

/** Gets an encrypted backup and hands it to the browser as a download; the value is the file's name. */
export async function downloadBackup(passphrase: string): Promise<ApiResult<string>> {
  try {
    const headers = { "x-open-multi-auth": "1", "x-backup-passphrase": encodeURIComponent(passphrase) };
    const answer = await fetch("/api/export", { headers });
    const { status } = answer;
    if (!answer.ok) {
      const refused: { readonly error: FailureView } = await answer.json();
      return { ok: false, status, error: refused.error };
    }
    const name = nameIn(answer.headers.get("content-disposition"));
    hand(await answer.blob(), name);
    return { ok: true, status, value: name };
  } catch {
    return { ok: false, status: 0, error: { code: "UNREACHABLE", message: "the server does not answer" } };
  }
}

const nameIn = (disposition: string | null): string =>
  /filename="(?<name>[^"]+)"/.exec(disposition ?? "")?.groups?.["name"] ?? "open-multi-auth.backup.json";

function hand(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
