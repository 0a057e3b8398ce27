import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";

/** The view `#/activity`. */
export function Activity() {
  const { state } = useApp();
  if (state.value === undefined) return <Loading what="activity" />;
  return <h1 class="h1s">Activity</h1>;
}
