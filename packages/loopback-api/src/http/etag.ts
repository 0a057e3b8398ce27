/** `304` where the client has this very answer already. */
export function notModified(request: Request, etag: string): Response | undefined {
  const known = request.headers.get("if-none-match");
  const has = known?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag.replace(/^W\//, ""));
  return has === true ? new Response(null, { status: 304, headers: { etag } }) : undefined;
}
