import type { Failure } from "@open-multi-auth/domain";
import {
  createLinking,
  type Link,
  type LinkOutcome,
  type LinkWish,
  type Pool,
} from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf } from "../pool.ts";
import { failureLines } from "../present/failures.ts";
import { linkedText, offerLines, promptText } from "../present/link.ts";
import { plain } from "../present/text.ts";

/** How a sign-in is shown. */
export interface Showing {
  /** One JSON object per line: what to do, then what was done. */
  readonly json: boolean;
  /** Open the person's browser, where there is one. */
  readonly open: boolean;
}

/** Signs an account in: says what to do, waits until it was done, and says what became of it. */
export async function runLink(
  pool: Pool,
  wish: LinkWish,
  showing: Showing,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { err: notes, out } = context;
  const onProblem = ({ message }: Failure): void =>
    notes.print(`${notes.colours.yellow("warning")} ${plain(message)}`);
  const action = wish.reauth ? "account.reauth" : "account.link";
  const store = pool.audited({ actor: actorOf(context), action });
  const started = await context.progress(
    "starting the sign-in",
    createLinking({ ...pool, store }, { onProblem }).start(wish),
  );
  if (started.isErr()) return err(started.error);
  const link = started.value;
  await show(link, showing, context);
  const outcome = await waited(link, context);
  if (outcome.phase === "failed") return err(outcome.failure);
  if (outcome.phase === "cancelled") return ok(1);
  const { report } = outcome;
  out.print(showing.json ? JSON.stringify({ ...report, linkId: link.id }) : linkedText(report));
  if (!showing.json) for (const line of offerLines(report)) notes.print(line);
  return ok(0);
}

/** What to do goes beside the results, so that these can be piped. */
async function show(link: Link, { json, open }: Showing, context: Context): Promise<void> {
  const { out, err: notes, interactive, openBrowser } = context;
  const { id: linkId, prompt, expiresAt } = link;
  if (json) out.print(JSON.stringify({ linkId, ...prompt, expiresAt: new Date(expiresAt).toISOString() }));
  else notes.print(promptText(link, { now: context.clock.now(), interactive, colours: notes.colours }));
  if (prompt.kind !== "browser" || !open) return;
  const opened = await openBrowser(prompt.url);
  if (opened && !json) notes.print("Opened in your browser.");
}

/** Waits for the end; an address that comes in on the standard input is one that a browser elsewhere ended at. */
async function waited(link: Link, { readLines, err: notes }: Context): Promise<LinkOutcome> {
  const stopReading = readLines((line) => {
    if (line.trim() === "" || link.prompt.kind !== "browser") return;
    link.paste(line).mapErr((failure) => notes.print(failureLines(failure, notes.colours)));
  });
  // Nothing of a link keeps a process alive; this command has to.
  const staying = setInterval(() => {}, 60_000);
  try {
    const outcome = await link.settled;
    stopReading();
    await link.closed;
    return outcome;
  } finally {
    clearInterval(staying);
  }
}
