import { describe, expect, it } from "vitest";
import { checkProxy } from "./proxy.ts";

describe("checkProxy", () => {
  it("tells whether the proxy of the environment is used, and shows none of its address", () => {
    expect(found("")).toMatchObject({ status: "ok", message: "none is named in the environment" });
    expect(found("http://ann:secret@proxy.example:3128")).toMatchObject({ status: "ok" });
    expect(found("ann:secret@proxy.example:3128")).toMatchObject({ status: "fail" });
    for (const proxy of ["http://ann:secret@proxy.example:3128", "ann:secret@proxy.example:3128"])
      expect(JSON.stringify(found(proxy))).not.toContain("secret");
  });
});

const found = (HTTPS_PROXY: string) => checkProxy({ env: { HTTPS_PROXY } });
