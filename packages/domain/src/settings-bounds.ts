/** Of thresholds and reserves. */
export const PERCENT = { min: 0, max: 100 } as const;

/** Of an account's weight; nothing at all is no weight. */
export const WEIGHT = { above: 0, max: 1 } as const;

/** How many accounts one request may try for passing errors. */
export const TRANSIENT_ATTEMPTS = { min: 1, max: 20 } as const;

/** How often limits may be read: not so often that it is a nuisance, and at least once a day. */
export const PROBE_INTERVAL_MS = { min: 60_000, max: 86_400_000 } as const;

/** A name as it goes into a request and onto a command line; none begins with a dash. */
export const MODEL_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** How many models limits may be measured with. */
export const PROBE_MODELS = { min: 1, max: 20 } as const;
