import { wholePercent } from "@open-multi-auth/domain";

/** Percent that is left, without a fraction. */
export const percent = (value: number): string => `${wholePercent(value)}%`;

/** The name of a strategy, as people read it. */
export const strategyName = (strategy: string): string => {
  const words = strategy.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A plan as OpenAI names it: `plus` is Plus. */
export const planName = (plan: string): string => plan.charAt(0).toUpperCase() + plan.slice(1);
