export { packFolder } from "./pack-folder.ts";
export { startRegistry, type NpmRegistry } from "./registry.ts";
export type { Published } from "./published.ts";
