export { keyDigest, mintKey } from "./keys.ts";
export { serveGateway, type Gateway, type GatewayError, type GatewayOptions } from "./serve-gateway.ts";
