const FAILURE = {
  type: "response.failed",
  response: {
    object: "response",
    status: "failed",
    error: {
      code: "server_error",
      message: "The connection to the upstream was lost before the answer was complete.",
    },
  },
};

const EVENT = `event: response.failed\ndata: ${JSON.stringify(FAILURE)}\n\n`;

/**
 * The event that ends an answer which was cut. Clients know its code as a passing failure and ask again.
 *
 * @param torn an incomplete event went out before; it is closed first
 */
export function interruption(torn: boolean): Uint8Array {
  return new TextEncoder().encode(torn ? `\n\n${EVENT}` : EVENT);
}
