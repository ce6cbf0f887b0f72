import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import { changeTable, COLUMN_TYPES, type ColumnType, type Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Notice } from "@/components/Notice";
import { Select } from "@/components/Select";
import { emptyColumn, nameProblem, toNewColumn } from "@/pages/tables/create/draft";

interface AddColumnDialogProps {
  table: Table;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdded: (name: string) => Promise<void>;
}

const TYPES = COLUMN_TYPES.map((type) => ({ value: type, label: type }));

export function AddColumnDialog({ table, open, onOpenChange, onAdded }: AddColumnDialogProps) {
  const [column, setColumn] = useState(emptyColumn);
  const [tried, setTried] = useState(false);
  const add = useMutation({
    mutationFn: () => changeTable(table.name, { addColumns: [toNewColumn(column)] }),
    onSuccess: () => {
      onOpenChange(false);
      return onAdded(column.name);
    },
  });
  const { reset } = add;
  useEffect(() => {
    if (!open) return;
    setColumn(emptyColumn());
    setTried(false);
    reset();
  }, [open, reset]);

  const taken = table.columns.some(({ columnName }) => columnName === column.name);
  const problem = nameProblem(column.name) ?? (taken ? "This name is already taken." : undefined);
  // Existing rows would break the rule at once.
  const needsDefault = column.required && column.defaultValue === "" && table.recordCount > 0;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Add a column to ${table.name}`}
      onSubmit={() => {
        setTried(true);
        if (!problem && !needsDefault) add.mutate();
      }}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={add.isPending}>
            Add column
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {add.isError && <Notice tone="bad">{messageOf(add.error)}</Notice>}
        <Field label="Name" error={tried ? problem : undefined}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={column.name}
              onChange={(event) => setColumn({ ...column, name: event.target.value })}
              className="font-mono"
            />
          )}
        </Field>
        <Field label="Type">
          {(control) => (
            <Select
              {...control}
              options={TYPES}
              value={column.type}
              onChange={(event) => setColumn({ ...column, type: event.target.value as ColumnType })}
            />
          )}
        </Field>
        <Field label="Default" hint="Optional." error={tried && needsDefault ? "Existing rows need a value: give a default." : undefined}>
          {(control) => (
            <Input
              {...control}
              value={column.defaultValue}
              onChange={(event) => setColumn({ ...column, defaultValue: event.target.value })}
              className="font-mono"
            />
          )}
        </Field>
        <CheckField label="Required" checked={column.required} onChange={(required) => setColumn({ ...column, required })} />
        <CheckField label="Unique" checked={column.unique} onChange={(unique) => setColumn({ ...column, unique })} />
      </div>
    </Dialog>
  );
}
