import { createHash } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { packFolder, startRegistry } from "../src/index.ts";

const NAME = "@some/package";

it("hands out what it was given, whole, and what was published, once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oma-registry-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: NAME, version: "1.0.0" }));
  mkdirSync(join(folder, "node_modules", "other"), { recursive: true });
  const registry = await startRegistry([packFolder(folder)]);
  onTestFinished(async () => {
    await registry.close();
    rmSync(folder, { recursive: true });
  });
  const get = (path: string): Promise<Response> => fetch(`${registry.url}${path}`);
  const put = async (body: string): Promise<number> =>
    (await fetch(`${registry.url}/@some%2fpackage`, { method: "PUT", body })).status;

  const versions = { "1.1.0": { name: NAME, version: "1.1.0", bin: "x.js" } };
  const data = Buffer.from("the tarball").toString("base64");
  const publication = JSON.stringify({ name: NAME, versions, _attachments: { "x.tgz": { data } } });
  expect([await put(publication), await put(publication), await put("{}"), await put("no JSON")]).toEqual([
    201, 403, 400, 400,
  ]);

  const known = (await (await get("/@some%2fpackage")).json()) as Packument;
  expect(known["dist-tags"]).toEqual({ latest: "1.1.0" });
  expect(known.versions["1.1.0"]).toMatchObject({ bin: "x.js" });
  for (const { dist } of Object.values(known.versions)) {
    const tarball = Buffer.from(await (await fetch(dist.tarball)).arrayBuffer());
    expect(`sha512-${createHash("sha512").update(tarball).digest("base64")}`).toBe(dist.integrity);
  }
  expect((await get("/other")).status).toBe(404);
});

interface Packument {
  readonly "dist-tags": object;
  readonly versions: Readonly<
    Record<string, { readonly dist: { readonly tarball: string; readonly integrity: string } }>
  >;
}
