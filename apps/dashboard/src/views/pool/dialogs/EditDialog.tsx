import type { AccountView } from "@open-multi-auth/domain";
import type { AccountPatch, FailureView } from "@open-multi-auth/loopback-api/client";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../../../app/context.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Note } from "../../../components/note.tsx";
import { poolActions } from "../actions.ts";

interface EditDialogProps {
  readonly title: string;
  readonly account: AccountView;
  readonly patch: AccountPatch;
  readonly isChanged: boolean;
  readonly children: (errorOf: (field: string) => string | undefined) => ComponentChildren;
  readonly onClose: () => void;
}

/** Saves a change of one account: all of it or nothing, and what was wrong stands at its field. */
export function EditDialog({ title, account, patch, isChanged, children, onClose }: EditDialogProps) {
  const actions = poolActions(useApp());
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<FailureView>();
  const save = async (): Promise<void> => {
    setBusy(true);
    const refused = await actions.patch(account.alias, patch);
    setBusy(false);
    if (refused) setError(refused);
    else onClose();
  };
  const issues = issuesOf(error);
  const errorOf = (field: string): string | undefined =>
    issues.find((issue) => issue.field.split(".")[0] === field)?.constraint ??
    (error !== undefined && field === "alias" ? error.message : undefined);
  const isSaid = error === undefined || issues.length > 0 || error.code.startsWith("ALIAS_");
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" submit busy={isBusy} disabled={!isChanged}>
            Save
          </Button>
        </>
      }
    >
      {children(errorOf)}
      {!isSaid && (
        <Note kind="problem" code={error.code}>
          <b>Nothing changed.</b> {error.message}
        </Note>
      )}
    </Dialog>
  );
}

interface Issue {
  readonly field: string;
  readonly constraint: string;
}

/** The issues of a refusal by fields, as the contracts have them. */
function issuesOf(error: FailureView | undefined): readonly Issue[] {
  const issues: unknown = error?.details?.["issues"];
  return Array.isArray(issues) ? issues.filter((issue) => isIssue(issue)) : [];
}

const isIssue = (issue: unknown): issue is Issue =>
  typeof issue === "object" && issue !== null && "field" in issue && "constraint" in issue;
