import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { failure, messageOf, metricsSchema, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";
import { changeFile, type ChangeError } from "../files/change-file.ts";
import { readTextIfThere } from "../files/read-text.ts";

const stageSchema = z.object({
  name: z.enum(["canary", "enablement", "watch"]),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  /** How the pool did in it, with the requests by account. */
  metrics: metricsSchema.optional(),
});
export type StageName = z.infer<typeof stageSchema>["name"];

const promotionSchema = z.object({
  /** What is promoted. */
  version: z.string(),
  startedAt: z.number(),
  /** What `oma rollback` goes back to. */
  previous: z.object({ version: z.string().optional(), settings: z.record(z.string(), z.unknown()) }),
  /** How the pool did before. */
  baseline: metricsSchema,
  /** The accounts there were, by id. */
  accounts: z.array(z.string()),
  /** The last is under way, unless it has ended. */
  stages: z.array(stageSchema),
  /** Why it was stopped. */
  stopped: z.array(z.string()).optional(),
});

/** A promotion of one version, from its baseline on; in `promotion.json` beside the store, without any secret. */
export type Promotion = z.infer<typeof promotionSchema>;

/** The file is none of ours, or was damaged; the person moves it away. */
export type PromotionUnreadable = Failure<"PROMOTION_UNREADABLE", { path: string; fix: string }>;

/** The promotion that was begun, or nothing. */
export async function readPromotion(
  folder: string,
): Promise<Result<Promotion | undefined, PromotionUnreadable>> {
  const path = fileIn(folder);
  try {
    const text = await readTextIfThere(path);
    return ok(text === null ? undefined : promotionSchema.parse(JSON.parse(text)));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? (thrown.issues[0]?.path.join(".") ?? "") : messageOf(thrown);
    const fix = `move ${path} away, and begin again with \`oma promote\``;
    return err(
      failure("PROMOTION_UNREADABLE", `${path} cannot be read as a promotion: ${why}`, { path, fix }),
    );
  }
}

/** Keeps a promotion; null forgets it. */
export async function writePromotion(
  folder: string,
  promotion: Promotion | null,
): Promise<Result<void, ChangeError>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = fileIn(folder);
  const before = await readTextIfThere(path);
  const after = promotion === null ? null : `${JSON.stringify(promotion, null, 2)}\n`;
  const written = await changeFile({ path, before, after, mode: 0o600 });
  return written.map(() => undefined);
}

const fileIn = (folder: string): string => join(folder, "promotion.json");
