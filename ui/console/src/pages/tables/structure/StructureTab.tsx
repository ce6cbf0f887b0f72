import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { changeTable, type Column, type Table, tableQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { toast } from "@/components/toasts";
import { RenameDialog } from "@/pages/tables/RenameDialog";
import { AddColumnDialog } from "@/pages/tables/structure/AddColumnDialog";
import { ColumnsList } from "@/pages/tables/structure/ColumnsList";

type Action = { kind: "add" } | { kind: "rename" | "drop"; column: Column };

export function StructureTab({ table }: { table: Table }) {
  const queryClient = useQueryClient();
  const [action, setAction] = useState<Action>();
  const close = (): void => setAction(undefined);
  const changed = async (message: string): Promise<void> => {
    toast("ok", message);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: tableQuery(table.name).queryKey }),
      queryClient.invalidateQueries({ queryKey: ["records", table.name] }),
    ]);
  };
  const column = action && action.kind !== "add" ? action.column.columnName : "";
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-6 p-4 sm:p-6">
      <section aria-labelledby="columns">
        <div className="mb-2 flex items-center justify-between">
          <h2 id="columns" className="text-base font-semibold">
            Columns
          </h2>
          <Button onClick={() => setAction({ kind: "add" })}>
            <Plus aria-hidden /> Add column
          </Button>
        </div>
        <ColumnsList
          columns={table.columns}
          onRename={(chosen) => setAction({ kind: "rename", column: chosen })}
          onDrop={(chosen) => setAction({ kind: "drop", column: chosen })}
        />
      </section>
      <AddColumnDialog
        table={table}
        open={action?.kind === "add"}
        onOpenChange={(open) => !open && close()}
        onAdded={(name) => changed(`Column ${name} is added.`)}
      />
      <RenameDialog
        open={action?.kind === "rename"}
        onOpenChange={(open) => !open && close()}
        title={`Rename ${column}`}
        current={column}
        warning="Clients that use the old name get an error from now on."
        onRename={async (newColumnName) => {
          await changeTable(table.name, { updateColumns: [{ columnName: column, newColumnName }] });
          await changed(`${column} is called ${newColumnName} now.`);
        }}
      />
      <ConfirmDialog
        open={action?.kind === "drop"}
        onOpenChange={(open) => !open && close()}
        title={`Drop ${column}?`}
        action="Drop column"
        onConfirm={async () => {
          await changeTable(table.name, { dropColumns: [column] });
          await changed(`Column ${column} is dropped.`);
        }}
      >
        Its values are gone for good in every row.
      </ConfirmDialog>
    </div>
  );
}
