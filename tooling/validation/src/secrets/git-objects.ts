import { spawnSync } from "node:child_process";

/** What git keeps under one name: a file's content, or a commit with its message. */
export interface GitObject {
  readonly name: string;
  readonly text: string;
}

/** Every file and commit that any branch of a repository has or ever had. */
export function gitObjects(folder: string): GitObject[] {
  const paths = new Map(
    git(folder, ["rev-list", "--objects", "--all"])
      .toString()
      .split("\n")
      .filter(Boolean)
      .map((line): [string, string] => [line.slice(0, 40), line.slice(41) || "a commit"]),
  );
  return objectsIn(git(folder, ["cat-file", "--batch"], [...paths.keys()].join("\n"))).map(
    ({ name, text }) => ({ name: `${paths.get(name)} (${name.slice(0, 10)})`, text }),
  );
}

/** Each is `<name> <type> <size>`, a line break, that many bytes, a line break. */
function objectsIn(bytes: Buffer): GitObject[] {
  const objects: GitObject[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\n", at);
    const [name = "", type, size] = bytes.toString("latin1", at, end).split(" ");
    const from = end + 1;
    at = from + Number(size) + 1;
    if (type === "blob" || type === "commit" || type === "tag")
      objects.push({ name, text: bytes.toString("latin1", from, at - 1) });
  }
  return objects;
}

function git(cwd: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd, input, maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`git ${args[0]} ended with ${status}: ${stderr.toString()}`);
  return stdout;
}
