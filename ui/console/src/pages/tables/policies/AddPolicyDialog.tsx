import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import { addPolicy, type NewPolicy, type PolicyCommand, type Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Notice } from "@/components/Notice";
import { Select } from "@/components/Select";
import { TextArea } from "@/components/TextArea";
import { templatesFor } from "@/pages/tables/policies/templates";

interface AddPolicyDialogProps {
  table: Table;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdded: (name: string) => Promise<void>;
}

const COMMANDS = ["all", "select", "insert", "update", "delete"].map((value) => ({ value, label: value }));
const ROLES = [
  { name: "anon", hint: "Anyone who has the anon key." },
  { name: "authenticated", hint: "People who are signed in." },
];
const EMPTY: NewPolicy = { name: "", command: "select", roles: ["authenticated"], using: "", check: "" };

export function AddPolicyDialog({ table, open, onOpenChange, onAdded }: AddPolicyDialogProps) {
  const [policy, setPolicy] = useState<NewPolicy>(EMPTY);
  const add = useMutation({
    mutationFn: () => addPolicy(table.name, trimmed(policy)),
    onSuccess: () => {
      onOpenChange(false);
      return onAdded(policy.name);
    },
  });
  const { reset } = add;
  useEffect(() => {
    if (!open) return;
    setPolicy(EMPTY);
    reset();
  }, [open, reset]);

  const set = (part: Partial<NewPolicy>): void => setPolicy({ ...policy, ...part });
  const reads = policy.command !== "insert";
  const writes = policy.command !== "select" && policy.command !== "delete";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Add a policy to ${table.name}`}
      onSubmit={() => policy.name.trim() !== "" && policy.roles.length > 0 && add.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={add.isPending} disabled={policy.name.trim() === "" || policy.roles.length === 0}>
            Add policy
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div role="group" aria-label="Start from" className="flex flex-wrap items-center gap-2">
          <span aria-hidden className="text-muted w-full">
            Start from
          </span>
          {templatesFor(table).map((template) => (
            <Button key={template.label} onClick={() => setPolicy({ ...EMPTY, ...template.policy })}>
              {template.label}
            </Button>
          ))}
        </div>
        {add.isError && <Notice tone="bad">{messageOf(add.error)}</Notice>}
        <Field label="Name">
          {(control) => (
            <Input {...control} autoFocus value={policy.name} onChange={(event) => set({ name: event.target.value })} className="font-mono" />
          )}
        </Field>
        <Field label="What it allows">
          {(control) => (
            <Select
              {...control}
              options={COMMANDS}
              value={policy.command}
              onChange={(event) => set({ command: event.target.value as PolicyCommand })}
            />
          )}
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">To whom</legend>
          {ROLES.map(({ name, hint }) => (
            <CheckField
              key={name}
              label={<code className="font-mono">{name}</code>}
              hint={hint}
              checked={policy.roles.includes(name)}
              onChange={(on) => set({ roles: ROLES.map((role) => role.name).filter((role) => (role === name ? on : policy.roles.includes(role))) })}
            />
          ))}
        </fieldset>
        {reads && (
          <Field label="Rows it shows" hint="A condition on a row, for example user_id = auth.uid(). Empty means all rows.">
            {(control) => (
              <TextArea {...control} rows={2} value={policy.using} onChange={(event) => set({ using: event.target.value })} className="font-mono" />
            )}
          </Field>
        )}
        {writes && (
          <Field label="Rows it accepts" hint="A condition on the row as written. Empty means the same as above.">
            {(control) => (
              <TextArea {...control} rows={2} value={policy.check} onChange={(event) => set({ check: event.target.value })} className="font-mono" />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}

/** Without the conditions that were left empty or that the command does not have. */
function trimmed(policy: NewPolicy): NewPolicy {
  const { using = "", check = "", ...rest } = policy;
  return {
    ...rest,
    name: rest.name.trim(),
    ...(using.trim() !== "" && rest.command !== "insert" ? { using: using.trim() } : {}),
    ...(check.trim() !== "" && rest.command !== "select" && rest.command !== "delete" ? { check: check.trim() } : {}),
  };
}
