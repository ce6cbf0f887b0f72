import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, messageOf } from "@/api/client";
import { createUser } from "@/api/users";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Notice } from "@/components/Notice";
import { toast } from "@/components/toasts";

export function CreateUserDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const create = useMutation({
    mutationFn: () => createUser(email.trim(), password, name.trim()),
    onSuccess: async () => {
      toast("ok", `${email.trim()} can sign in now.`);
      onOpenChange(false);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["users"] }),
        queryClient.invalidateQueries({ queryKey: ["overview"] }),
      ]);
    },
  });
  const { reset } = create;
  useEffect(() => {
    if (!open) return;
    setEmail("");
    setName("");
    setPassword("");
    reset();
  }, [open, reset]);

  const refused = create.error instanceof ApiError ? create.error : undefined;
  const about = (field: string): string | undefined => (refused?.field === field ? refused.message : undefined);
  const named = refused?.field === "email" || refused?.field === "password" || refused?.field === "name";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New user"
      onSubmit={() => create.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending} disabled={email.trim() === "" || password === ""}>
            Create user
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {create.isError && !named && <Notice tone="bad">{messageOf(create.error)}</Notice>}
        <Field label="E-mail" error={about("email")}>
          {(control) => <Input {...control} type="email" autoFocus value={email} onChange={(event) => setEmail(event.target.value)} />}
        </Field>
        <Field label="Name" hint="Optional." error={about("name")}>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Password" hint="They can change it after signing in." error={about("password")}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
