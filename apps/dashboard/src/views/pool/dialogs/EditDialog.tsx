import type { AccountView } from "@open-multi-auth/domain";
import type { AccountPatch } from "@open-multi-auth/loopback-api/client";
import type { ComponentChildren } from "preact";
import { useApp } from "../../../app/context.ts";
import { Dialog, useTask } from "../../../components/dialog.tsx";
import { poolActions } from "../actions.ts";
import { issuesOf } from "../../../api/issues.ts";

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
  const { error, ...saving } = useTask(async () => {
    const refused = await actions.patch(account.alias, patch);
    if (!refused) onClose();
    return refused;
  });
  const issues = issuesOf(error);
  const errorOf = (field: string): string | undefined =>
    issues.find((issue) => issue.field.split(".")[0] === field)?.constraint ??
    (error !== undefined && field === "alias" ? error.message : undefined);
  const isSaid = issues.length > 0 || error?.code.startsWith("ALIAS_");
  return (
    <Dialog
      {...saving}
      title={title}
      submit="Save"
      isDisabled={!isChanged}
      error={isSaid ? undefined : error}
      onClose={onClose}
    >
      {children(errorOf)}
    </Dialog>
  );
}
