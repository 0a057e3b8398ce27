import { randomBytes } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { AccountOptions } from "./account.ts";
import { serverCertificate } from "./certificate.ts";
import { handleControl } from "./control.ts";
import { exchange } from "./exchange.ts";
import { createGates } from "./gates.ts";
import { createGrantRegistry } from "./grants.ts";
import { createRequestLog, type LogMode } from "./log.ts";
import { createSignIns } from "./sign-ins.ts";
import type { SimState } from "./state.ts";
import { createVerbs, type SimVerbs } from "./verbs.ts";

export interface StartOptions {
  /** Default: any free one. */
  readonly port?: number;
  readonly accounts?: readonly AccountOptions[];
  /** Default: the system's. The simulator's time is this one plus what `advance` added. */
  readonly clock?: { now(): number };
  /** Default `full`. */
  readonly logMode?: LogMode;
  /** Whether a refresh token used twice ends the whole login. Default false. */
  readonly revokeFamilyOnReuse?: boolean;
  /** How often the device flow may ask. Default 5. */
  readonly deviceIntervalSeconds?: number;
  /** Serves over https too, and names that origin in its routing answer; the names are of its certificate. */
  readonly secure?: { readonly names?: readonly string[] };
}

/** The same servers over https. */
export interface SecureSide {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** The certificate, in PEM, of the authority that clients have to trust. */
  readonly authority: string;
}

export interface UpstreamSim extends SimVerbs {
  /** `http://127.0.0.1:PORT/backend-api` */
  readonly backendUrl: string;
  /** `http://127.0.0.1:PORT` */
  readonly issuerUrl: string;
  /** `http://127.0.0.1:PORT/sim`, for `connectUpstreamSim` */
  readonly controlUrl: string;
  /** Where `secure` was asked for. */
  readonly secure: SecureSide | undefined;
  /** Ends the server and every socket. */
  close(): Promise<void>;
}

/** Starts a simulated ChatGPT backend and authorization server on 127.0.0.1. */
export async function startUpstreamSim(options: StartOptions = {}): Promise<UpstreamSim> {
  const { clock = Date, accounts = [], port = 0 } = options;
  const time = { offsetMs: 0 };
  const now = (): number => clock.now() + time.offsetMs;
  const state: SimState = {
    accounts: new Map(),
    accessTokens: new Map(),
    grants: createGrantRegistry({ revokeFamilyOnReuse: options.revokeFamilyOnReuse ?? false }),
    signIns: createSignIns(now),
    deviceIntervalSeconds: options.deviceIntervalSeconds ?? 5,
    now,
    serial: createSerial(),
    workspaceOrigin: undefined,
  };
  const log = createRequestLog(options.logMode ?? "full");
  const gates = createGates();
  const verbs = createVerbs({ state, log, gates, time });
  for (const account of accounts) verbs.addAccount(account);

  const listener: RequestListener = (req, res) => {
    const control = req.url?.startsWith("/sim/") === true;
    const handled = control ? handleControl(req, res, verbs) : exchange(req, res, { state, log, gates });
    handled.catch(surface);
  };
  const server = createServer(listener);
  const issuerUrl = `http://127.0.0.1:${await listen(server, port)}`;
  const secure = options.secure && (await listenSecurely(options.secure.names ?? [], listener));
  state.workspaceOrigin = secure?.side.origin;
  return {
    ...verbs,
    issuerUrl,
    backendUrl: `${issuerUrl}/backend-api`,
    controlUrl: `${issuerUrl}/sim`,
    secure: secure?.side,
    async close() {
      await Promise.all([close(server), secure && close(secure.server)]);
    },
  };
}

async function listenSecurely(
  names: readonly string[],
  listener: RequestListener,
): Promise<{ readonly server: Server; readonly side: SecureSide }> {
  // Clients go by the machine's clock.
  const { key, certificate: cert, authority } = serverCertificate(names, Date.now());
  const server = createSecureServer({ key, cert }, listener);
  const port = await listen(server, 0);
  return { server, side: { origin: `https://127.0.0.1:${port}`, port, authority } };
}

async function listen(server: Server, port: number): Promise<number> {
  // Neither a slow upload nor an idle connection is the simulator's to end.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

// A fault of the simulator must be seen, not taken for a scripted one: it ends the process.
function surface(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

// The random part keeps tokens of an earlier run unknown to this one.
function createSerial(): () => string {
  const run = randomBytes(4).toString("hex");
  let count = 0;
  return () => {
    count += 1;
    return `${run}_${count}`;
  };
}
