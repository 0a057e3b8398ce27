export { listen, type ListenError, type Listening, type ListenRefused, type PortsTaken } from "./listen.ts";
export { loopbackHost, type HostRefused, type LoopbackHost } from "./loopback-host.ts";
export { requestListener } from "./request-listener.ts";
export { nodeSecrets } from "./secrets.ts";
export { staticFiles } from "./static-files.ts";
