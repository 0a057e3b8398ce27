/**
 * The address of a model request, always under the upstream's own: tokens go nowhere else, whatever address the
 * client was told to use.
 *
 * @param path `/responses` and below, with its query
 */
export function upstreamUrl(upstream: string, path: string): string {
  return `${upstream}/codex${path.startsWith("/") ? "" : "/"}${path}`;
}
