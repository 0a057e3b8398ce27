import { z } from "zod";

const plainSchema = z
  .string()
  .regex(/^https?:\/\/[^\s?#@]+$/i)
  .pipe(
    z
      .url({ protocol: /^https$/ })
      .or(z.url({ protocol: /^http$/, hostname: /^(localhost|127\.0\.0\.1|\[::1\])$/ })),
  );

/** Where something of ours may be sent: https, or http that stays on this machine; no query, fragment or credentials. */
export const secureUrlSchema = z
  .string()
  .refine(
    (url) => plainSchema.safeParse(url).success,
    "must be an https URL (http only on loopback) without query, fragment or credentials",
  );
