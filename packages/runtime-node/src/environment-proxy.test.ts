import { describe, expect, it } from "vitest";
import { proxyUse, proxyVariables } from "./environment-proxy.ts";

const PROXY = { HTTPS_PROXY: "http://proxy.example:3128" };
const ASKED = { ...PROXY, NODE_USE_ENV_PROXY: "1" };

describe("the proxies of an environment", () => {
  it.each([
    ["none", {}, "24.21.0"],
    ["none", { HTTPS_PROXY: "" }, "24.21.0"],
    ["none", { ...PROXY, NODE_USE_ENV_PROXY: "0" }, "24.21.0"],
    ["used", PROXY, "24.21.0"],
    ["used", { https_proxy: "https://ann:pw@proxy.example" }, "24.14.0"],
    ["used", PROXY, "26.0.0"],
    ["unsupported", PROXY, "24.13.1"],
    ["unsupported", PROXY, "25.3.0"],
    ["used", ASKED, "24.13.1"],
    ["used", ASKED, "25.0.0"],
    ["used", ASKED, "22.21.0"],
    ["unsupported", PROXY, "22.22.1"],
    ["unsupported", ASKED, "22.20.0"],
    ["unsupported", ASKED, "23.11.0"],
    ["unsupported", ASKED, "20.19.0"],
    ["invalid", { HTTPS_PROXY: "proxy.example:3128" }, "24.21.0"],
    ["invalid", { ...PROXY, HTTP_PROXY: "socks5://proxy.example" }, "20.19.0"],
  ] as const)("are %s: %o in Node %s", (use, env, node) => {
    expect(proxyUse(env, node)).toBe(use);
  });

  it("never stand between this program and its own machine", () => {
    expect(proxyVariables({ ...PROXY, https_proxy: "http://other", NO_PROXY: "intra.example" })).toEqual({
      https_proxy: "http://other",
      no_proxy: "intra.example,127.0.0.1,localhost,[::1],::1",
    });
    expect(proxyVariables(PROXY).no_proxy).toBe("127.0.0.1,localhost,[::1],::1");
  });
});
