import { ROOT } from "../pack.ts";
import { stampRepository } from "./stamp-repository.ts";

const stamped = stampRepository(ROOT, process.env["GITHUB_REPOSITORY"]);
if (stamped.isErr()) {
  const { code, message, details } = stamped.error;
  process.stderr.write(`error ${code}: ${message}\nfix: ${details.fix}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(`${stamped.value.length} packages name their repository\n`);
}
