import { VERSION } from "./version.ts";

// Scripts and shell prompts ask for the version often: it is answered before anything else is loaded.
const [first] = process.argv.slice(2);
if (first === "--version" || first === "-v") process.stdout.write(`${VERSION}\n`);
else {
  const { start } = await import("./start.ts");
  await start();
}
