export { webResponse } from "@open-multi-auth/connector";
export type { Answer, ModelRequest, Refusal } from "@open-multi-auth/connector";
export { fetchPort } from "./http.ts";
export { openPool, type OpenPoolOptions, type Pool } from "./open-pool.ts";
export { poolPaths, type PoolPaths } from "./paths.ts";
export type { ServingPool } from "./serve-pool.ts";
export { systemKeychain, systemKeys, type SystemKeysOptions } from "./system-keys.ts";
export { systemClock, systemRandom, systemTimers } from "./system.ts";
