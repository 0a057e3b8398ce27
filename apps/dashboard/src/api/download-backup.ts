import type { ApiCall, ApiResult } from "@open-multi-auth/loopback-api/client";

/** Gets an encrypted backup and hands it to the browser as a download. */
export async function downloadBackup(
  call: ApiCall,
  passphrase: string,
  name: string,
): Promise<ApiResult<unknown>> {
  const headers = { "x-backup-passphrase": encodeURIComponent(passphrase) };
  const answer = await call("GET /api/export", { headers });
  if (answer.ok) hand(new Blob([String(answer.value)]), name);
  return answer;
}

function hand(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
