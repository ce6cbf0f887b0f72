import { useMutation } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { createIndex, type Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { IconButton } from "@/components/IconButton";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";
import { Select } from "@/components/Select";
import { nameProblem } from "@/pages/tables/create/draft";

interface AddIndexDialogProps {
  table: Table;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdded: (message: string) => Promise<void>;
}

export function AddIndexDialog({ table, open, onOpenChange, onAdded }: AddIndexDialogProps) {
  const [columns, setColumns] = useState<string[]>([]);
  const [unique, setUnique] = useState(false);
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () => createIndex(table.name, { columns, isUnique: unique, ...(name === "" ? {} : { name }) }),
    onSuccess: () => {
      onOpenChange(false);
      return onAdded(`${columns.join(", ")} ${columns.length === 1 ? "has" : "have"} an index now.`);
    },
  });
  const { reset } = add;
  useEffect(() => {
    if (!open) return;
    setColumns([]);
    setUnique(false);
    setName("");
    reset();
  }, [open, reset]);

  const left = table.columns.filter(({ columnName }) => !columns.includes(columnName));
  const problem = name === "" ? undefined : nameProblem(name);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Add an index to ${table.name}`}
      onSubmit={() => columns.length > 0 && !problem && add.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={add.isPending} disabled={columns.length === 0 || problem !== undefined}>
            Add index
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {add.isError && <Problem error={add.error} />}
        <div className="flex flex-col gap-2">
          <Field label="Columns" hint="In the order in which queries narrow down: the first column matters most.">
            {(control) => (
              <Select
                {...control}
                autoFocus
                options={[{ value: "", label: columns.length === 0 ? "choose a column…" : "add another column…" }, ...left.map(({ columnName }) => ({ value: columnName, label: columnName }))]}
                value=""
                onChange={(event) => event.target.value !== "" && setColumns([...columns, event.target.value])}
              />
            )}
          </Field>
          {columns.length > 0 && (
            <ol aria-label="Columns of the index" className="border-line divide-line divide-y rounded-md border">
              {columns.map((column, index) => (
                <li key={column} className="flex h-9 items-center gap-3 pr-1 pl-3">
                  <span className="text-faint tnum w-4 text-right text-xs">{index + 1}</span>
                  <code className="flex-1 truncate font-mono">{column}</code>
                  <IconButton label={`Take ${column} out`} onClick={() => setColumns(columns.filter((one) => one !== column))}>
                    <X />
                  </IconButton>
                </li>
              ))}
            </ol>
          )}
        </div>
        <CheckField label="Unique" hint="No two rows may share these values. Refused while some do." checked={unique} onChange={setUnique} />
        <Field label="Name" hint="Optional; made of the table and its columns when empty." error={problem}>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} className="font-mono" />}
        </Field>
      </div>
    </Dialog>
  );
}
