import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { searchPath, type Runtime } from "./runtimes.ts";

/** Somebody with an empty home folder, one runtime, and a registry. */
export interface Person {
  readonly home: string;
  /** Where commands run: a project of theirs. */
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program and gives what it printed; a program that fails throws, with what it said. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  write(name: string, content: string | object): string;
}

/** Makes such a person in a folder of their own. */
export function createPerson(folder: string, runtime: Runtime, registryUrl: string): Person {
  const home = mkdtempSync(join(folder, "person-"));
  const project = join(home, "project");
  mkdirSync(project);
  const env = { PATH: searchPath(runtime), HOME: home, npm_config_registry: registryUrl };
  const person: Person = {
    home,
    project,
    env,
    run: async (program, ...args) => {
      const { stdout } = await promisify(execFile)(program, args, { cwd: project, env });
      return stdout;
    },
    write(name, content) {
      const path = join(project, name);
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
  };
  person.write("package.json", { private: true, type: "module" });
  return person;
}
