/** One call of the program that shows notifications. */
export interface DesktopCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly input: string;
  /** What helps where it is missing. */
  readonly install: string;
}

interface Shown {
  readonly title: string;
  readonly message: string;
  readonly isUrgent: boolean;
}

/** How this operating system is told; texts are arguments or input of their own, never part of a script. */
export function desktopCall(platform: NodeJS.Platform, { title, message, isUrgent }: Shown): DesktopCall {
  if (platform === "darwin") {
    const script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run";
    return {
      command: "osascript",
      args: ["-e", script, title, message],
      input: "",
      install: "make sure that /usr/bin is on the PATH",
    };
  }
  if (platform === "win32") {
    return {
      command: "powershell.exe",
      args: ["-NoProfile", "-NonInteractive", "-Command", WINDOWS_SCRIPT],
      input: `${title}\n${message}\n`,
      install: "make sure that Windows PowerShell is on the PATH",
    };
  }
  return {
    command: "notify-send",
    args: [`--app-name=${title}`, `--urgency=${isUrgent ? "critical" : "normal"}`, "--", title, message],
    input: "",
    install: "install it (Debian, Ubuntu: `apt install libnotify-bin`)",
  };
}

const NOTIFICATIONS = "Windows.UI.Notifications";

/** Only programs with an entry in the start menu may show any: PowerShell has one. */
const WINDOWS_APP = "{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe";

const WINDOWS_SCRIPT = [
  "$ErrorActionPreference = 'Stop'",
  `$null = [${NOTIFICATIONS}.ToastNotificationManager,${NOTIFICATIONS},ContentType=WindowsRuntime]`,
  `$xml = [${NOTIFICATIONS}.ToastNotificationManager]::GetTemplateContent([${NOTIFICATIONS}.ToastTemplateType]::ToastText02)`,
  "$texts = $xml.GetElementsByTagName('text')",
  "foreach ($index in 0, 1) { $null = $texts.Item($index).AppendChild($xml.CreateTextNode([Console]::In.ReadLine())) }",
  `$toast = New-Object ${NOTIFICATIONS}.ToastNotification $xml`,
  `[${NOTIFICATIONS}.ToastNotificationManager]::CreateToastNotifier('${WINDOWS_APP}').Show($toast)`,
].join("; ");
