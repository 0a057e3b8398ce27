import type { StateView } from "@open-multi-auth/loopback-api/client";
import { ORDERS, type Filter } from "./model/order.ts";
import { statusOf } from "./model/status.ts";

interface FilterBarProps {
  readonly state: StateView;
  readonly now: number;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

/** Narrows and orders a long list. */
export function FilterBar({ state, now, filter, onChange }: FilterBarProps) {
  const tags = [...new Set(state.accounts.flatMap((account) => account.tags))].toSorted();
  const words = [...new Set(state.accounts.map((account) => statusOf(account, state, now).word))].toSorted();
  return (
    <>
      <input
        class="field search"
        type="search"
        placeholder="Search"
        aria-label="Search accounts"
        value={filter.search}
        onInput={(event) => onChange({ ...filter, search: event.currentTarget.value })}
      />
      {tags.length > 0 && (
        <Choice
          label="Tag"
          all="All tags"
          options={tags.map((tag) => [tag, tag])}
          value={filter.tag ?? ""}
          onChange={(tag) => onChange({ ...filter, tag: tag === "" ? undefined : tag })}
        />
      )}
      <Choice
        label="Status"
        all="Any status"
        options={words.map((word) => [word, word])}
        value={filter.status ?? ""}
        onChange={(status) => onChange({ ...filter, status: status === "" ? undefined : status })}
      />
      <Choice
        label="Order"
        options={ORDERS.map(([order, word]) => [order, `Order: ${word}`])}
        value={filter.order}
        onChange={(order) =>
          onChange({ ...filter, order: ORDERS.find(([one]) => one === order)?.[0] ?? "next" })
        }
      />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all?: string;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, all, options, value, onChange }: ChoiceProps) {
  return (
    <select
      class="field choice"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {all !== undefined && <option value="">{all}</option>}
      {options.map(([option, word]) => (
        <option key={option} value={option}>
          {word}
        </option>
      ))}
    </select>
  );
}
