import type { SeriesView } from "@open-multi-auth/domain";
import { Panel } from "../../components/panel.tsx";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { Fold } from "../../components/fold.tsx";
import { moment } from "../../format/time.ts";
import { SHARE_HOURS, shareRows, type ShareRow } from "./share-rows.ts";
import { count } from "../../format/count.ts";

interface ShareProps {
  readonly series: SeriesView;
  readonly state: StateView;
  readonly now: number;
}

/** What each account got of the last day's requests, beside what it was to get. */
export function Share({ series, state, now }: ShareProps) {
  const { total, most, rows } = shareRows(series, state.accounts, now);
  return (
    <Panel id="share" title="Share" class="side" sub={`${count(total, "request")} in ${SHARE_HOURS}\u202Fh`}>
      <Fold items={rows} most={12} word="more accounts">
        {(shown) => (
          <ul class="share">
            {shown.map((row) => (
              <Row key={row.alias} row={row} most={most} />
            ))}
          </ul>
        )}
      </Fold>
      <p class="ax" aria-hidden="true">
        <span>{moment(now - SHARE_HOURS * 3_600_000, now)}</span>
        <span>now</span>
      </p>
      <p class="key">
        Aim is what weights and eligibility intended over the same time. Every row has the same scale.
      </p>
    </Panel>
  );
}

function Row({ row, most }: { readonly row: ShareRow; readonly most: number }) {
  const { alias, hours, share, aim, why } = row;
  return (
    <li>
      <span class="al">{alias}</span>
      <span class="bars" aria-hidden="true">
        {hours.map((requests, hour) => (
          <i key={hour} style={{ height: `${(requests / most) * 100}%` }} />
        ))}
      </span>
      <span class="sv">
        <b>{percent(share)}</b>
        <span>{why ?? (aim === undefined ? "–" : `aim ${percent(aim)}`)}</span>
      </span>
    </li>
  );
}

const percent = (part: number): string => `${Math.round(part * 100)}%`;
