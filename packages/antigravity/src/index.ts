export { createAntigravity, type Antigravity, type AntigravityOptions } from "./antigravity.ts";
export type { Ask, Run } from "./ports.ts";
export type { AntigravityView } from "./view.ts";
