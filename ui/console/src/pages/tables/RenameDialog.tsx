import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { nameProblem } from "@/pages/tables/create/draft";

interface RenameDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  current: string;
  warning: string;
  onRename: (name: string) => Promise<void>;
}

export function RenameDialog({ open, onOpenChange, title, current, warning, onRename }: RenameDialogProps) {
  const [name, setName] = useState(current);
  const rename = useMutation({ mutationFn: () => onRename(name), onSuccess: () => onOpenChange(false) });
  const { reset } = rename;
  useEffect(() => {
    if (!open) return;
    setName(current);
    reset();
  }, [open, current, reset]);
  const problem = nameProblem(name);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      onSubmit={() => !problem && name !== current && rename.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={rename.isPending} disabled={problem !== undefined || name === current}>
            Rename
          </Button>
        </>
      }
    >
      <Field label="New name" hint={warning} error={problem ?? (rename.isError ? messageOf(rename.error) : undefined)}>
        {(control) => <Input {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} className="font-mono" />}
      </Field>
    </Dialog>
  );
}
