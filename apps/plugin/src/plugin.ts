import { setup } from "./next/setup.ts";
import { server } from "./server.ts";

/** One file for both lines of OpenCode: 1.x calls `server` and may call `setup` too, 2.x calls `setup`. */
export default { id: "open-multi-auth", server, setup };
