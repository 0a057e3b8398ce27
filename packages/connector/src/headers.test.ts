import { describe, expect, it } from "vitest";
import { upstreamHeaders, withholdHeaders } from "./headers.ts";

const token = { accessToken: "at", upstreamAccountId: "ws", fingerprint: "f" };

describe("upstreamHeaders", () => {
  it("replaces every credential of the caller and forwards what is meant for the upstream", () => {
    const callers = {
      Authorization: "Bearer placeholder",
      "ChatGPT-Account-Id": "other",
      "x-api-key": "k",
      cookie: "c",
      host: "evil.test",
      "content-length": "5",
      "x-opencode-title": "t",
      connection: "keep-alive, x-hop",
      "x-hop": "1",
      "transfer-encoding": "chunked",
      "proxy-authorization": "p",
      "Content-Type": "application/json",
      originator: "opencode",
      "session-id": "ses_1",
    };
    expect(upstreamHeaders(callers, token)).toEqual({
      "content-type": "application/json",
      originator: "opencode",
      "session-id": "ses_1",
      authorization: "Bearer at",
      "chatgpt-account-id": "ws",
    });
  });

  it("sends no workspace where none is known", () => {
    expect(upstreamHeaders({}, { accessToken: "at", fingerprint: "f" })).toEqual({
      authorization: "Bearer at",
    });
  });
});

describe("withholdHeaders", () => {
  it("keeps the upstream's cookies, connection and body coding from the client", () => {
    const sent = {
      "set-cookie": "s",
      connection: "close",
      "content-encoding": "gzip",
      "content-length": "9",
      location: "l",
    };
    const headers = new Headers({
      ...sent,
      "content-type": "text/event-stream",
      "x-codex-plan-type": "plus",
    });
    withholdHeaders(headers);
    expect([...headers.keys()]).toEqual(["content-type", "x-codex-plan-type"]);
  });
});
