import { createInterface } from "node:readline";

const groups = new Set<number>();
const lines = createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) groups.add(pid);
  else groups.delete(pid);
});

lines.on("close", () => {
  for (const pid of groups) end(pid);
});

function end(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
