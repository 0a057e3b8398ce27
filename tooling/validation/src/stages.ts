/** One gate of the validation: its commands run in order, and all must end with 0. */
export interface Stage {
  readonly name: string;
  readonly proves: string;
  readonly commands: readonly Command[];
}

/** A program with its arguments, as it is typed at the root of the workspace. */
export type Command = readonly [program: string, ...args: string[]];

const script = (name: string): Command => ["pnpm", name];

/** The stages without any account or network, in the order in which they gate each other. */
export const MOCKED: readonly Stage[] = [
  {
    name: "static",
    proves: "The frozen install, lint, architecture, build, types and the shape of every package",
    commands: [
      ["pnpm", "install", "--frozen-lockfile"],
      script("lint"),
      script("arch"),
      script("build"),
      script("typecheck"),
      ["pnpm", "turbo", "run", "lint:pkg"],
    ],
  },
  { name: "unit", proves: "Decisions by value and by property", commands: [script("test:unit")] },
  {
    name: "integration",
    proves: "Real files, locks, processes, sockets and the built programs",
    commands: [["pnpm", "vitest", "run", "--project", "integration"]],
  },
  {
    name: "web",
    proves: "The built dashboard in a real browser",
    commands: [script("test:web:headless")],
  },
  {
    name: "failure",
    proves: "Nothing is lost where a write is refused or cut short",
    commands: [script("test:failure")],
  },
  {
    name: "stress",
    proves: "No update is lost under load, kills and contention",
    commands: [script("test:stress")],
  },
  {
    name: "recovery",
    proves: "A crash at any moment leaves a pool that works",
    commands: [script("test:recovery")],
  },
  {
    name: "sandbox",
    proves: "No file outside the sandbox is read or written",
    commands: [script("test:sandbox")],
  },
  { name: "agent", proves: "The real OpenCode over the plugin", commands: [script("test:agent")] },
  {
    name: "release",
    proves: "What was published is installed by name and works: Node 20, 22, 24, Bun, the real OpenCode",
    commands: [script("test:release")],
  },
  {
    name: "soak",
    proves: "48 virtual hours of ordinary life",
    commands: [["pnpm", "vitest", "run", "--project", "drill", "soak"], script("test:soak")],
  },
  {
    name: "slo",
    proves: "Success rate, latency, exceptions and probes of the soak within their bounds",
    commands: [script("slo")],
  },
  {
    name: "rollback",
    proves: "The drill: an earlier version takes over, and no login is lost",
    commands: [script("test:rollback")],
  },
  {
    name: "acceptance",
    proves: "Every promise is carried by a test that passed in the stages before",
    commands: [script("coverage:acceptance")],
  },
];
