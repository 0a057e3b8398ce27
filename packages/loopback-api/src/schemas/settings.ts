import { settingsViewSchema } from "@open-multi-auth/domain";
import { z } from "zod";

/** The settings with what the page around them needs. */
export const settingsAnswerSchema = settingsViewSchema.extend({
  /** By name, the merge patch that it stands for. */
  presets: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Variables of the environment that do not hold what they must; the next layer's value is used. */
  environmentIssues: z.array(z.object({ variable: z.string(), constraint: z.string() })),
});
export type SettingsAnswer = z.infer<typeof settingsAnswerSchema>;

/** A JSON merge patch: what it names is set, and null goes back to the default. Checked field by field. */
export const settingsPatchSchema = z.preprocess(
  (given, { issues }) => {
    // A record leaves this name out without a word; like any other that is no setting it is to be refused.
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__")) {
      const message = "must be left out: there is no such setting";
      issues.push({ code: "custom", path: ["__proto__"], message, input: given });
    }
    return given;
  },
  z.record(z.string(), z.unknown()),
);

/** Which preset to apply. */
export const presetRequestSchema = z.strictObject({
  name: z.string().describe("`balanced`, `conservative` or `aggressive`"),
});

/** Flags of what is not of the core. */
export const featureFlagsSchema = z.object({ antigravityEnabled: z.boolean() });
