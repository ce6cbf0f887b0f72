import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { NewPolicy, Policy, PolicyCommand } from "@/api/tables";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";
import { Select } from "@/components/Select";
import { TextArea } from "@/components/TextArea";
import type { PolicyTemplate } from "@/pages/tables/policies/templates";

interface PolicyDialogProps {
  /** What the policy guards, by its name. */
  of: string;
  templates: PolicyTemplate[];
  /** A condition as one would write it here. */
  example: string;
  /** The policy to change, or a new one; nothing while the dialog is closed. */
  editing: Policy | "new" | undefined;
  onClose: () => void;
  /** Makes a policy, in the place of the old one where there is one. */
  save: (policy: NewPolicy, old: string | undefined) => Promise<unknown>;
  onSaved: (name: string) => Promise<void>;
}

const COMMANDS = ["all", "select", "insert", "update", "delete"].map((value) => ({ value, label: value }));
const ROLES = [
  { name: "anon", hint: "Anyone who has the anon key." },
  { name: "authenticated", hint: "People who are signed in." },
];
const EMPTY: NewPolicy = { name: "", command: "select", roles: ["authenticated"], using: "", check: "" };

export function PolicyDialog({ of, templates, example, editing, onClose, save: send, onSaved }: PolicyDialogProps) {
  const [policy, setPolicy] = useState<NewPolicy>(EMPTY);
  const old = editing === "new" ? undefined : editing;
  const save = useMutation({
    mutationFn: () => send(trimmed(policy), old?.name),
    onSuccess: () => {
      onClose();
      return onSaved(policy.name.trim());
    },
  });
  const { reset } = save;
  useEffect(() => {
    if (!editing) return;
    setPolicy(editing === "new" ? EMPTY : draftOf(editing));
    reset();
  }, [editing, reset]);

  const set = (part: Partial<NewPolicy>): void => setPolicy({ ...policy, ...part });
  const reads = policy.command !== "insert";
  const writes = policy.command !== "select" && policy.command !== "delete";
  return (
    <Dialog
      open={editing !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={old ? `Edit the policy ${old.name}` : `Add a policy to ${of}`}
      onSubmit={() => policy.name.trim() !== "" && policy.roles.length > 0 && save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={save.isPending} disabled={policy.name.trim() === "" || policy.roles.length === 0}>
            {old ? "Save policy" : "Add policy"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {!old && (
          <div role="group" aria-label="Start from" className="flex flex-wrap items-center gap-2">
            <span aria-hidden className="text-muted w-full">
              Start from
            </span>
            {templates.map((template) => (
              <Button key={template.label} onClick={() => setPolicy({ ...EMPTY, ...template.policy })}>
                {template.label}
              </Button>
            ))}
          </div>
        )}
        {save.isError && <Problem error={save.error} />}
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
          <Field label="Rows it shows" hint={`A condition on a row, for example ${example}. Empty means all rows.`}>
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

function draftOf(policy: Policy): NewPolicy {
  return {
    name: policy.name,
    command: policy.command as PolicyCommand,
    roles: policy.roles.includes("public") ? ROLES.map(({ name }) => name) : policy.roles,
    permissive: policy.permissive,
    using: policy.using ?? "",
    check: policy.check ?? "",
  };
}

/** Only the conditions that the command has; an empty one is said in full, because a database reads none as "no row". */
function trimmed(policy: NewPolicy): NewPolicy {
  const { using = "", check = "", ...rest } = policy;
  const reads = rest.command !== "insert";
  const writes = rest.command !== "select" && rest.command !== "delete";
  return {
    ...rest,
    name: rest.name.trim(),
    ...(reads ? { using: using.trim() || "true" } : {}),
    ...(writes && (check.trim() !== "" || !reads) ? { check: check.trim() || "true" } : {}),
  };
}
