import { z } from "zod";
import type { Quotas } from "./view.ts";

const answerSchema = z.looseObject({
  userStatus: z.looseObject({
    planStatus: z
      .looseObject({
        availablePromptCredits: z.number().optional(),
        planInfo: z.looseObject({ monthlyPromptCredits: z.number().optional() }).optional(),
      })
      .optional(),
    cascadeModelConfigData: z
      .looseObject({
        clientModelConfigs: z
          .array(
            z.looseObject({
              label: z.string().optional(),
              modelOrAlias: z.looseObject({ model: z.string().optional() }).optional(),
              quotaInfo: z
                .looseObject({ remainingFraction: z.number().optional(), resetTime: z.string().optional() })
                .optional(),
            }),
          )
          .optional(),
      })
      .optional(),
  }),
});

/**
 * The quotas in the language server's answer to `GetUserStatus`.
 *
 * @returns undefined where it is no such answer
 */
export function parseUserStatus(answer: unknown): Quotas | undefined {
  const status = answerSchema.safeParse(answer).data?.userStatus;
  if (status === undefined) return undefined;
  const { availablePromptCredits: available, planInfo } = status.planStatus ?? {};
  const monthly = planInfo?.monthlyPromptCredits;
  return {
    credits: available === undefined || monthly === undefined ? null : { available, monthly },
    models: (status.cascadeModelConfigData?.clientModelConfigs ?? []).flatMap(
      ({ label, modelOrAlias, quotaInfo }) => {
        if (quotaInfo === undefined) return [];
        const model = modelOrAlias?.model;
        return [
          {
            label: label ?? model ?? "unnamed",
            ...(model !== undefined && { model }),
            // The format leaves out what is zero.
            remaining: Math.min(100, Math.max(0, (quotaInfo.remainingFraction ?? 0) * 100)),
            resetAt: isoOf(quotaInfo.resetTime),
          },
        ];
      },
    ),
  };
}

/** As our instants are written, whatever the precision and the offset were. */
function isoOf(text: string | undefined): string | null {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
