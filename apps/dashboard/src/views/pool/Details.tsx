import type { AccountView } from "@open-multi-auth/domain";
import { useAnswer } from "../../api/use-answer.ts";
import type { AccountDetail, StateView } from "@open-multi-auth/loopback-api/client";
import { percent } from "../../format/percent.ts";
import { date, duration, moment } from "../../format/time.ts";
import { History } from "./History.tsx";
import { sourceText } from "./model/sources.ts";
import { count } from "../../format/count.ts";

interface DetailsProps {
  readonly account: AccountView;
  readonly state: StateView;
  readonly now: number;
}

/** What an opened row tells: identity, the past under each ruler, and figures. */
export function Details({ account, state, now }: DetailsProps) {
  const { value: detail } = useAnswer(
    "GET /api/accounts/:alias",
    { params: { alias: account.alias } },
    account.lastLimitProbeAt,
  );
  const { auth, limits, tags, notes, email, weight, reservePercent } = account;
  const share = state.settings.shares[account.alias];
  return (
    <div class="detail">
      <Facts
        rows={[
          [
            "E-mail",
            email === undefined ? (
              "unknown"
            ) : (
              <span class="em">
                <span>{email}</span>
              </span>
            ),
          ],
          ["Token", tokenText(auth, now)],
          ["Tags", tags.length === 0 ? "none" : tags.join(", ")],
          ["Notes", notes ?? "none"],
        ]}
      />
      <History
        title="5-hour left, last 24 h"
        slot="fiveHour"
        hours={24}
        history={detail?.history}
        now={now}
      />
      <History title="Weekly left, last 7 d" slot="weekly" hours={168} history={detail?.history} now={now} />
      <Facts
        rows={[
          ["Share", share === undefined ? "none while off" : `${percent(share * 100)}, weight ${weight}`],
          ["Reserve", reservePercent === 0 ? "none" : `${reservePercent}% of each window`],
          [
            "Reading",
            limits === null
              ? "none yet"
              : `${sourceText(limits.source)}, ${moment(Date.parse(limits.at), now)}`,
          ],
          ["Used", usedText(account, detail, now)],
        ]}
      />
    </div>
  );
}

function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: preact.ComponentChildren])[];
}) {
  return (
    <dl>
      {rows.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

function tokenText({ state, expiresAt }: AccountView["auth"], now: number): string {
  if (state === "invalid") return "rejected, sign in again";
  if (expiresAt === undefined) return "renewed at the next use";
  const at = Date.parse(expiresAt);
  return at > now
    ? `valid, renews ${moment(at, now)}`
    : `ended ${duration(now - at)} ago, renewed at the next use`;
}

function usedText(
  { usageCount, lastUsed }: AccountView,
  detail: AccountDetail | undefined,
  now: number,
): string {
  const since = detail === undefined ? "" : ` since ${date(Date.parse(detail.addedAt))}`;
  const last = lastUsed === undefined ? "" : `, the last ${moment(Date.parse(lastUsed), now)}`;
  return count(usageCount, "request") + since + last;
}
