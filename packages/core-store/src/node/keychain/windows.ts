import { SERVICE, type KeychainTool } from "./tool.ts";

const NOT_FOUND = 44;

/** The PowerShell that every Windows has; later ones no longer reach the vault. The secret comes on its input. */
const script = (...lines: string[]): string[] => {
  const text = [
    "$ErrorActionPreference = 'Stop'",
    "$null = [Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime]",
    "$vault = New-Object Windows.Security.Credentials.PasswordVault",
    ...lines,
  ].join("; ");
  return ["-NoProfile", "-NonInteractive", "-Command", text];
};

/** The credential vault of the Windows user. */
export const windows: KeychainTool = {
  command: "powershell.exe",
  keychain: "the Windows credential vault",
  read: (id) => ({
    args: script(
      `try { $found = $vault.Retrieve('${SERVICE}', '${id}') }` +
        ` catch { if ($_.Exception.GetBaseException().HResult -eq 0x80070490) { exit ${NOT_FOUND} } else { throw } }`,
      "$found.RetrievePassword()",
      "[Console]::Out.Write($found.Password)",
    ),
    input: "",
  }),
  keep: (id, secret) => ({
    args: script(
      "$secret = [Console]::In.ReadLine()",
      `$vault.Add((New-Object Windows.Security.Credentials.PasswordCredential('${SERVICE}', '${id}', $secret)))`,
    ),
    input: `${secret}\n`,
  }),
  isAbsent: ({ code }) => code === NOT_FOUND,
  install: "make sure that Windows PowerShell is on the PATH, or use a passphrase instead",
  unlock: "sign in to Windows as yourself, or use a passphrase instead",
};
