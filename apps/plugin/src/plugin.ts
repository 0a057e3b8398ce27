import { server } from "./server.ts";

/**
 * One file for both lines of OpenCode: 1.x calls `server`, 2.x calls `setup`.
 *
 * The 2.x line has no hook that this pool could serve yet; a plain `setup` lets it load the file in peace, and is
 * harmless where 1.x calls it too.
 */
export default {
  id: "open-multi-auth",
  server,
  setup: (): void => {},
};
