import type { LinkStarted, LinkView } from "../schemas/link.ts";

/** A sign-in as its start answers it: where to go at first sight. */
export function started(link: LinkView): LinkStarted {
  const { id: linkId, prompt } = link;
  if (prompt?.kind === "browser") return { linkId, url: prompt.url, link };
  if (prompt?.kind === "device") {
    return { linkId, verificationUrl: prompt.verificationUrl, userCode: prompt.userCode, link };
  }
  return { linkId, link };
}
