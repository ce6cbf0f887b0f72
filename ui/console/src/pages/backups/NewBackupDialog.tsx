import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { backupsQuery, createBackup } from "@/api/backups";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";

export function NewBackupDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => createBackup(name.trim()),
    onSuccess: async () => {
      onOpenChange(false);
      await queryClient.invalidateQueries({ queryKey: backupsQuery.queryKey });
    },
  });
  const { reset } = create;
  useEffect(() => {
    if (!open) return;
    setName("");
    reset();
  }, [open, reset]);
  const long = name.trim().length > 200;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New backup"
      description="Every table as of one moment, while everybody goes on working."
      onSubmit={() => !long && create.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending} disabled={long}>
            Make backup
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {create.isError && <Problem error={create.error} />}
        <Field
          label="Name"
          hint="Optional; the time when empty."
          error={long ? "A name has at most 200 characters." : undefined}
        >
          {(control) => (
            <Input {...control} autoFocus value={name} placeholder="before the move" onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
