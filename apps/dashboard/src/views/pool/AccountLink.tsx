/** Leads to the account's row. */
export function AccountLink({ alias }: { readonly alias: string }) {
  return (
    <button
      type="button"
      class="lnk"
      onClick={() => {
        const row = document.querySelector(`#acc-${CSS.escape(alias)}`);
        row?.scrollIntoView({ block: "center" });
        row?.querySelector<HTMLElement>(".alias")?.focus();
      }}
    >
      {alias}
    </button>
  );
}
