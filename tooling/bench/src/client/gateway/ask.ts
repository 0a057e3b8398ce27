import http from "node:http";

/** Where a request goes, and with which credentials. */
export interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How long one exchange took. */
export interface Timing {
  readonly firstByteMs: number;
  readonly wholeMs: number;
}

const agent = new http.Agent({ keepAlive: true, noDelay: true });

/**
 * Sends one request and reads its answer to the end.
 *
 * @throws where the answer is not a whole, successful one
 */
export function ask({ port, path, headers }: Target, body: string): Promise<Timing> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const options = { agent, host: "127.0.0.1", port, path, method: "POST", headers };
    const request = http.request(options, (answer) => {
      let firstByteMs = 0;
      let last: Buffer | undefined;
      answer.on("data", (chunk: Buffer) => {
        if (last === undefined) firstByteMs = performance.now() - start;
        last = chunk;
      });
      answer.on("end", () => {
        const isWhole = answer.statusCode === 200 && last?.includes("response.completed") === true;
        if (isWhole) resolve({ firstByteMs, wholeMs: performance.now() - start });
        else
          reject(new Error(`an answer was not whole: ${answer.statusCode} ${last?.toString().slice(-300)}`));
      });
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}
