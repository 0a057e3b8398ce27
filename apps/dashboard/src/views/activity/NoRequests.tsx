import { CopyCommand } from "../../components/copy.tsx";
import { Empty } from "../../components/empty.tsx";

/** What the view will show, and how to get there. */
export function NoRequests() {
  return (
    <>
      <Empty title="No requests yet">
        Each request of an agent appears here with the account it went to and why. Send one to see it.
      </Empty>
      <div class="first-more">
        <CopyCommand command={'opencode run "say hello"'} />
      </div>
    </>
  );
}
