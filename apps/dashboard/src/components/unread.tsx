import type { FailureView } from "@open-multi-auth/loopback-api/client";
import { LinkButton } from "./button.tsx";
import { Note } from "./note.tsx";

interface UnreadProps {
  /** The history, the log. */
  readonly what: string;
  readonly error: FailureView | undefined;
  readonly onAgain: () => void;
}

/** In the place of something that the server did not tell: why, and another try. */
export function Unread({ what, error, onAgain }: UnreadProps) {
  if (error === undefined) return null;
  return (
    <Note kind="problem" code={error.code} actions={<LinkButton onClick={onAgain}>Try again</LinkButton>}>
      {what} could not be read. {error.message}
    </Note>
  );
}
