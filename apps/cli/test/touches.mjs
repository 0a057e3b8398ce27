// Loaded before a program: notes which modules it loads, which files it asks for, and which programs it starts.
import childProcess from "node:child_process";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import { registerHooks, syncBuiltinESMExports } from "node:module";

const log = process.env["OMA_TOUCHES"];
const file = fs.openSync(log, "a");
const { writeSync } = fs;
const note = (kind, what) => writeSync(file, `${kind} ${String(what)}\n`);

registerHooks({
  load(url, context, next) {
    note("module", url);
    return next(url, context);
  },
});
for (const [owner, kind] of [
  [fs, "file"],
  [fsPromises, "file"],
  [childProcess, "program"],
]) {
  for (const name of Object.keys(owner)) {
    const plain = owner[name];
    if (typeof plain !== "function" || !/^[a-z]/.test(name)) continue;
    const noted = function noted(...args) {
      if (typeof args[0] === "string" || args[0] instanceof URL) note(kind, args[0]);
      return Reflect.apply(plain, this, args);
    };
    owner[name] = Object.assign(noted, plain);
  }
}
syncBuiltinESMExports();
