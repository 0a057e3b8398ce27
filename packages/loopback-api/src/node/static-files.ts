import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** A file whose name holds a digest of its content never changes. */
const HASHED = /-[\w-]{8}\.\w+$/;

/**
 * The files of a built page, read once: a path is looked up among them and never joined to a folder, so no path leads
 * out of it. `/` is `index.html`.
 *
 * @param folder one that does not exist has no files
 */
export function staticFiles(folder: string): (path: string) => Response | undefined {
  const files = new Map<
    string,
    { readonly bytes: Uint8Array<ArrayBuffer>; readonly headers: Record<string, string> }
  >();
  for (const path of namesIn(folder)) {
    const bytes = new Uint8Array(readFileSync(path));
    const name = `/${relative(folder, path).split(sep).join("/")}`;
    const headers = {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "cache-control": HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
      etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 16)}"`,
    };
    files.set(name, { bytes, headers });
  }
  return (path) => {
    const found = files.get(path === "/" ? "/index.html" : path);
    return found && new Response(found.bytes, { headers: found.headers });
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
