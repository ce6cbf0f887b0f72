import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import { createTable, tablesQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Notice } from "@/components/Notice";
import { toast } from "@/components/toasts";
import { ColumnFields } from "@/pages/tables/create/ColumnFields";
import { type ColumnDraft, columnProblems, emptyColumn, nameProblem, toNewColumn } from "@/pages/tables/create/draft";

export function CreateTableDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [columns, setColumns] = useState<ColumnDraft[]>(() => [emptyColumn()]);
  const [secured, setSecured] = useState(true);
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () => createTable(name, columns.map(toNewColumn), secured),
    onSuccess: async () => {
      toast("ok", `Table ${name} is ready.`);
      await queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey });
      await navigate({ to: "/tables/$table", params: { table: name } });
    },
  });
  const { reset } = create;
  useEffect(() => {
    if (!open) return;
    setName("");
    setColumns([emptyColumn()]);
    setSecured(true);
    setTried(false);
    reset();
  }, [open, reset]);

  const problems = columnProblems(columns);
  const submit = (): void => {
    setTried(true);
    if (!nameProblem(name) && problems.size === 0) create.mutate();
  };
  const replace = (next: ColumnDraft): void => setColumns(columns.map((column) => (column.key === next.key ? next : column)));
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New table"
      size="wide"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending}>
            Create table
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {create.isError && <Notice tone="bad">{messageOf(create.error)}</Notice>}
        <Field label="Name" error={tried ? nameProblem(name) : undefined} hint="The name in the API's address, for example orders.">
          {(control) => (
            <Input {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} className="font-mono sm:max-w-80" />
          )}
        </Field>
        <fieldset>
          <legend className="font-medium">Columns</legend>
          <p className="text-faint text-xs">
            <code className="font-mono">id</code>, <code className="font-mono">created_at</code> and{" "}
            <code className="font-mono">updated_at</code> are added for you.
          </p>
          <ul className="border-line mt-2 border-t">
            {columns.map((column, index) => (
              <ColumnFields
                key={column.key}
                column={column}
                number={index + 1}
                problem={tried ? problems.get(column.key) : undefined}
                onChange={replace}
                {...(columns.length > 1 ? { onRemove: () => setColumns(columns.filter(({ key }) => key !== column.key)) } : {})}
              />
            ))}
          </ul>
          <Button variant="ghost" className="mt-2 -ml-2" onClick={() => setColumns([...columns, emptyColumn()])}>
            <Plus aria-hidden /> Add column
          </Button>
        </fieldset>
        <CheckField
          label="Row security"
          hint="On, only servers with the API key reach the rows until you add a policy. Off, every client with the anon key can read and write all of them."
          checked={secured}
          onChange={setSecured}
        />
      </div>
    </Dialog>
  );
}
