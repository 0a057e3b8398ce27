import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";

/** The view `#/health`. */
export function Health() {
  const { state } = useApp();
  if (state.value === undefined) return <Loading what="health" />;
  return <h1 class="h1s">Health</h1>;
}
