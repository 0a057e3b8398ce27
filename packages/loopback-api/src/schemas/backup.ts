import { z } from "zod";

/** A backup to add to what is here. */
export const importRequestSchema = z.strictObject({
  /** The file's whole text. */
  backup: z.string(),
  /** Where it is encrypted. */
  passphrase: z.string().optional(),
  /** Only say what would be done. */
  dryRun: z.boolean().optional(),
  /** Replace names, tags, notes and settings that differ; the newer login stays. */
  overwrite: z.boolean().optional(),
});

/** What an import did, or would do: names of accounts and fields only. */
export const importedSchema = z.object({
  dryRun: z.boolean(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.object({ alias: z.string(), fields: z.array(z.string()) })),
  settings: z.array(z.string()),
  /** Accounts that differ in these fields and were not overwritten. */
  kept: z.array(z.object({ alias: z.string(), fields: z.array(z.string()) })),
  /** Accounts whose alias belongs to another account here. */
  renamed: z.array(z.object({ from: z.string(), to: z.string() })),
});
export type Imported = z.infer<typeof importedSchema>;
