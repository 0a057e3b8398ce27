import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { failure } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { coloursFor } from "../src/present/colours.ts";
import { failureLines } from "../src/present/failures.ts";
import { failureCodes, productSources, sayings } from "./product-sources.ts";

const FOLDER = fileURLToPath(new URL("../../../docs/errors/", import.meta.url));
const HOW = `Every failure code has a page docs/errors/<CODE>.md: copy docs/errors/ALIAS_TAKEN.md, put the two lines of
\`oma\` (or the code and message of the API, in the same form) into its block, and keep its three paragraphs. A code that
is gone takes its page with it.`;

const plain = coloursFor(false, {});
/** What these say is the operating system's or a bug's own text. */
const FOREIGN = new Set(["DEMO_FAILED", "INTERNAL_ERROR", "PASSPHRASE_UNREADABLE"]);

const sources = productSources();
const pages = readdirSync(FOLDER).flatMap((name) => (name === "README.md" ? [] : name.replace(/\.md$/, "")));

describe("docs/errors", () => {
  it("has a page for every failure code of the product, and no other", () => {
    const codes = failureCodes(sources);
    expect(codes.size).toBeGreaterThan(100);
    expect({
      without: [...codes].filter((code) => !pages.includes(code)),
      outdated: pages.filter((page) => !codes.has(page)),
      HOW,
    }).toEqual({ without: [], outdated: [], HOW });
  });

  const said = sayings(sources);

  it.each(pages)("%s: its example is what the command line prints", (code) => {
    const page = readFileSync(`${FOLDER}${code}.md`, "utf8");
    const [, message = "", fix] =
      new RegExp(`^# ${code}\n\n\`\`\`text\nerror ${code}: (.*)\n(?:fix: (.*)\n)?\`\`\`\n`).exec(page) ?? [];
    const general = failureLines(failure(code, message, {}), plain);
    // A failure may bring advice of its own, which knows the file and field.
    const hasOwn = fix !== undefined && !general.includes("\nfix: ");
    const printed = hasOwn ? failureLines(failure(code, message, { fix }), plain) : general;
    expect(page).toContain(`\`\`\`text\n${printed}\n\`\`\``);
    expect(page).toMatch(
      /\*\*What it means\.\*\* [^]+\n\n\*\*How it happens\.\*\* [^]+\n\n\*\*What to do\.\*\* [^]+\n$/,
    );
    const ours = [...(FOREIGN.has(code) ? [] : [message]), ...(hasOwn ? [fix] : [])];
    const invented = ours.filter((text) => !said.some((saying) => saying.test(text)));
    expect(invented).toEqual([]);
  });
});
