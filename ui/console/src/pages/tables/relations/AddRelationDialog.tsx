import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ACTIONS, changeTable, createIndex, type Table, tableQuery, tablesQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Notice } from "@/components/Notice";
import { Problem } from "@/components/Problem";
import { Select } from "@/components/Select";
import { columnsOf } from "@/pages/tables/indexes/columns";

interface AddRelationDialogProps {
  table: Table;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdded: (message: string) => Promise<void>;
}

const PEOPLE = "auth.users";
const OPTIONS = ACTIONS.map((value) => ({ value, label: value.toLowerCase() }));
const CHOOSE = { value: "", label: "choose…" };

export function AddRelationDialog({ table, open, onOpenChange, onAdded }: AddRelationDialogProps) {
  const [column, setColumn] = useState("");
  const [target, setTarget] = useState("");
  const [targetColumn, setTargetColumn] = useState("");
  const [onDelete, setOnDelete] = useState("NO ACTION");
  const [onUpdate, setOnUpdate] = useState("NO ACTION");
  const [indexed, setIndexed] = useState(true);
  const [added, setAdded] = useState(false);
  const tables = useQuery({ ...tablesQuery, enabled: open }).data ?? [];
  const other = useQuery({ ...tableQuery(target), enabled: open && target !== "" && target !== PEOPLE });
  const keys = target === PEOPLE ? ["id"] : (other.data?.columns ?? []).filter((one) => one.isPrimaryKey || one.isUnique).map((one) => one.columnName);
  const covered = table.indexes.some((index) => columnsOf(index.definition)[0] === column);

  const add = useMutation({
    mutationFn: async () => {
      if (!added) {
        const referenceColumns = [{ sourceColumn: column, referenceColumn: targetColumn }];
        await changeTable(table.name, { addForeignKeys: [{ referenceTable: target, referenceColumns, onDelete, onUpdate }] });
        setAdded(true);
      }
      if (indexed && !covered) await createIndex(table.name, { columns: [column], isUnique: false });
    },
    onSuccess: () => {
      onOpenChange(false);
      return onAdded(`${column} points to ${target} now.`);
    },
  });
  const { reset } = add;
  useEffect(() => {
    if (!open) return;
    setColumn("");
    setTarget("");
    setTargetColumn("");
    setOnDelete("NO ACTION");
    setOnUpdate("NO ACTION");
    setIndexed(true);
    setAdded(false);
    reset();
  }, [open, reset]);
  useEffect(() => setTargetColumn(keys[0] ?? ""), [keys[0], target]);

  const ready = column !== "" && target !== "" && targetColumn !== "";
  const own = table.columns.filter(({ isPrimaryKey }) => !isPrimaryKey);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Add a relation to ${table.name}`}
      onSubmit={() => ready && add.mutate()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={add.isPending} disabled={!ready}>
            Add relation
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {add.isError && <Problem error={add.error} />}
        <Field label="Column" hint={`The column of ${table.name} that holds the other table's key.`}>
          {(control) => (
            <Select
              {...control}
              autoFocus
              options={[CHOOSE, ...own.map(({ columnName, type }) => ({ value: columnName, label: `${columnName} (${type})` }))]}
              value={column}
              onChange={(event) => setColumn(event.target.value)}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Points to the table">
            {(control) => (
              <Select
                {...control}
                options={[CHOOSE, ...tables.map(({ name }) => ({ value: name, label: name })), { value: PEOPLE, label: `${PEOPLE} (people)` }]}
                value={target}
                onChange={(event) => setTarget(event.target.value)}
              />
            )}
          </Field>
          <Field label="And its column">
            {(control) => (
              <Select
                {...control}
                disabled={keys.length === 0}
                options={keys.length === 0 ? [{ value: "", label: "" }] : keys.map((name) => ({ value: name, label: name }))}
                value={targetColumn}
                onChange={(event) => setTargetColumn(event.target.value)}
              />
            )}
          </Field>
          <Field label="When the other row is deleted">
            {(control) => <Select {...control} options={OPTIONS} value={onDelete} onChange={(event) => setOnDelete(event.target.value)} />}
          </Field>
          <Field label="When its key changes">
            {(control) => <Select {...control} options={OPTIONS} value={onUpdate} onChange={(event) => setOnUpdate(event.target.value)} />}
          </Field>
        </div>
        {other.data && keys.length === 0 && <Notice tone="warn">No column of {target} is unique, so nothing can point to it.</Notice>}
        {onDelete === "CASCADE" && target !== "" && (
          <Notice tone="warn">
            Deleting a row of {target} deletes every row of {table.name} that points to it.
          </Notice>
        )}
        <CheckField
          label="Make an index, too"
          hint={covered ? "The column has one already." : "Joins, and deletes in the other table, then find rows without reading all of them."}
          checked={indexed && !covered}
          disabled={covered}
          onChange={setIndexed}
        />
      </div>
    </Dialog>
  );
}
