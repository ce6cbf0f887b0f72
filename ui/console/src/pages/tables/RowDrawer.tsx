import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import type { Row } from "@/api/records";
import type { Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Notice } from "@/components/Notice";
import type { Opened } from "@/pages/tables/DataTab";
import { RowField } from "@/pages/tables/RowField";
import { collectChange, type Drafts, draftsOf } from "@/pages/tables/row-drafts";
import type { RowChanges } from "@/pages/tables/use-row-changes";

interface RowDrawerProps {
  table: Table;
  opened: Opened | undefined;
  changes: RowChanges;
  onClose: () => void;
}

/** One row, a field per column; also the form for a new row. */
export function RowDrawer({ table, opened, changes, onClose }: RowDrawerProps) {
  const [drafts, setDrafts] = useState<Drafts>({});
  const [problems, setProblems] = useState<Record<string, string>>({});
  const row = opened?.kind === "row" ? opened.row : undefined;
  const readOnly = row !== undefined && changes.keys.length === 0;
  const save = useMutation({
    mutationFn: async (change: Row) => {
      if (row) await changes.update(row, change);
      else await changes.insert(change);
    },
    onSuccess: onClose,
  });
  const { reset } = save;
  useEffect(() => {
    if (!opened) return;
    setDrafts(draftsOf(table.columns, opened.kind === "row" ? opened.row : undefined));
    setProblems({});
    reset();
  }, [opened, table.columns, reset]);

  const submit = (): void => {
    const collected = collectChange(table.columns, drafts, row);
    setProblems(collected.problems);
    if (Object.keys(collected.problems).length > 0) return;
    if (row && Object.keys(collected.change).length === 0) onClose();
    else save.mutate(collected.change);
  };
  const first = (opened?.kind === "row" ? opened.column : undefined) ?? table.columns.find((column) => !column.isPrimaryKey)?.columnName;
  return (
    <Dialog
      open={opened !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={row ? "Row" : "Insert row"}
      description={`in ${table.name}`}
      size="drawer"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{readOnly ? "Close" : "Cancel"}</Button>
          {!readOnly && (
            <Button variant="primary" type="submit" busy={save.isPending}>
              {row ? "Save" : "Insert row"}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {readOnly && <Notice tone="info">This table has no primary key, so a single row cannot be changed.</Notice>}
        {save.isError && <Notice tone="bad">{messageOf(save.error)}</Notice>}
        {table.columns.map((column) => (
          <RowField
            key={column.columnName}
            column={column}
            draft={drafts[column.columnName]}
            problem={problems[column.columnName]}
            autoFocus={column.columnName === first}
            readOnly={readOnly}
            isNew={!row}
            onChange={(draft) => setDrafts((all) => ({ ...all, [column.columnName]: draft }))}
          />
        ))}
      </div>
    </Dialog>
  );
}
