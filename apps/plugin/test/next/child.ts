import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Host, type HostOptions, type Step } from "./host.ts";

/** Runs the host double in a process of its own: a JSON command per line in, a JSON answer per line out. */
const { plugin, ...made }: HostOptions & { plugin: string } = JSON.parse(process.argv[2] ?? "");
const host = new Host(made);
const another = new Host(made);
const module = () => import(pathToFileURL(plugin).href);

const commands: Readonly<Record<string, (argument: never) => unknown>> = {
  load: async () => host.load(await module()),
  another: async () => another.load(await module()),
  leave: () => another.unload(),
  step: (step: Step) => host.step(step),
  interrupt: (sessionID: string) => host.interrupt(sessionID),
  catalog: () => host.catalog(),
  elsewhere: () => host.elsewhere,
  unload: () => host.unload(),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, name, argument }: { id: number; name: string; argument: never } = JSON.parse(line);
  const run = async () => commands[name]!(argument);
  const say = (answer: object) => process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
  run().then(
    (value) => say({ value: value ?? null }),
    (thrown: unknown) => say({ thrown: String(thrown) }),
  );
});
