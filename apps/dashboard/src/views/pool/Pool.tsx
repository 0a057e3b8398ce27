import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";

/** The view `#/pool`. */
export function Pool() {
  const { state } = useApp();
  if (state.value === undefined) return <Loading what="pool" />;
  return <h1 class="h1s">Pool</h1>;
}
