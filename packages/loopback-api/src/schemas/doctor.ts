import { z } from "zod";

/** What `oma doctor --json` says. */
export const doctorSchema = z.object({
  ranAt: z.iso.datetime(),
  checks: z.array(
    z.object({
      /** What was looked at. */
      name: z.string(),
      status: z.enum(["ok", "warn", "fail"]),
      message: z.string(),
      /** What to do about it. */
      fix: z.string().optional(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof doctorSchema>;
