// OpenCode 2.x takes a folder as a plugin, and looks for this file in it.
export { default } from "./dist/plugin.js";
