import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import { bucketsQuery, createBucket } from "@/api/buckets";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { toast } from "@/components/toasts";

export function CreateBucketDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [isPublic, setPublic] = useState(false);
  const create = useMutation({
    mutationFn: () => createBucket(name, isPublic),
    onSuccess: async () => {
      toast("ok", `Bucket ${name} is ready.`);
      onOpenChange(false);
      await queryClient.invalidateQueries({ queryKey: bucketsQuery.queryKey });
      await navigate({ to: "/storage/$bucket", params: { bucket: name } });
    },
  });
  const { reset } = create;
  useEffect(() => {
    if (!open) return;
    setName("");
    setPublic(false);
    reset();
  }, [open, reset]);

  const malformed = name !== "" && !/^[A-Za-z0-9_-]+$/.test(name) ? "Use letters, digits, - and _." : undefined;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New bucket"
      onSubmit={() => !malformed && name !== "" && create.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending} disabled={name === "" || malformed !== undefined}>
            Create bucket
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Name" error={malformed ?? (create.isError ? messageOf(create.error) : undefined)} hint="It becomes part of every file's address.">
          {(control) => <Input {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} className="font-mono" />}
        </Field>
        <CheckField label="Public" hint="Anyone who has a file's address can read it." checked={isPublic} onChange={setPublic} />
      </div>
    </Dialog>
  );
}
