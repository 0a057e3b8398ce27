import type { StateView } from "@open-multi-auth/loopback-api/client";
import { Banner } from "./banner.tsx";
import { moment } from "../format/time.ts";

/** OpenAI fails over several accounts at once: no account of the person's is to blame. */
export function Incident({ state, now }: { readonly state: StateView; readonly now: number }) {
  const { incident } = state;
  if (incident === null) return null;
  const { since, requests, resent, lost } = incident;
  return (
    <Banner
      actions={
        <a class="lnk" href="https://status.openai.com" target="_blank" rel="noreferrer">
          status.openai.com
        </a>
      }
    >
      <b>OpenAI answers badly since {moment(Date.parse(since), now)}.</b> Not your accounts: {resent} of{" "}
      {requests} requests were sent again,{" "}
      {lost === 0 ? "none was lost" : `${lost} ${lost === 1 ? "was" : "were"} lost`}.
    </Banner>
  );
}
