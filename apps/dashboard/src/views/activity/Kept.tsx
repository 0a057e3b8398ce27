import type { Counters } from "@open-multi-auth/loopback-api/client";
import { headlineOf, keptRows } from "./digest.ts";

/** What would have interrupted the person, by cause, and what did. */
export function Kept({ counters }: { readonly counters: Counters }) {
  const { kept, reached } = headlineOf(counters);
  return (
    <section class="panel bleed" aria-labelledby="kept">
      <div class="p-head low">
        <h2 id="kept">Kept from you</h2>
        <span class="sub">{kept} in 7 days</span>
      </div>
      <div class="p-body">
        <table class="tbl">
          <caption class="vh">Interruptions by cause</caption>
          <tbody>
            {keptRows(counters).map(({ cause, count }) => (
              <tr key={cause}>
                <th scope="row">{cause}</th>
                <td class="num">{count}</td>
              </tr>
            ))}
            <tr class="chosen">
              <th scope="row">Reached you</th>
              <td class="num">{reached}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}
