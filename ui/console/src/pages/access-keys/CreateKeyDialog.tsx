import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createAccessKey, type MadeKey } from "@/api/access-keys";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";

interface CreateKeyDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onMade: (key: MadeKey) => Promise<void>;
}

export function CreateKeyDialog({ open, onOpenChange, onMade }: CreateKeyDialogProps) {
  const [description, setDescription] = useState("");
  const create = useMutation({
    mutationFn: () => createAccessKey(description),
    onSuccess: (key) => {
      onOpenChange(false);
      return onMade(key);
    },
  });
  const { reset } = create;
  useEffect(() => {
    if (!open) return;
    setDescription("");
    reset();
  }, [open, reset]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New access key"
      onSubmit={() => create.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending}>
            Create key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {create.isError && <Problem error={create.error} />}
        <Field label="What it is for" hint="Optional, for example nightly backup. It helps to know which key to revoke.">
          {(control) => <Input {...control} autoFocus maxLength={500} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
      </div>
    </Dialog>
  );
}
