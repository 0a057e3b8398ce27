import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";

/** The view `#/settings`. */
export function Settings() {
  const { state } = useApp();
  if (state.value === undefined) return <Loading what="settings" />;
  return <h1 class="h1s">Settings</h1>;
}
