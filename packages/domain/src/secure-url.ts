import { z } from "zod";

/** Where something of ours may be sent: https, or http that stays on this machine; no query, fragment or credentials. */
export const secureUrlSchema = z
  .string()
  .regex(/^https?:\/\/[^\s?#@]+$/i)
  .pipe(
    z
      .url({ protocol: /^https$/ })
      .or(z.url({ protocol: /^http$/, hostname: /^(localhost|127\.0\.0\.1|\[::1\])$/ })),
  );
