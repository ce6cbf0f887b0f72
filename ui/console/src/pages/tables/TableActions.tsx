import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, FileUp, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { changeTable, deleteTable, type Table, tablesQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ExportMenu } from "@/components/ExportMenu";
import { IconButton } from "@/components/IconButton";
import { Menu } from "@/components/Menu";
import { toast } from "@/components/toasts";
import { plural } from "@/format/number";
import { ImportDialog } from "@/pages/tables/import/ImportDialog";
import { RenameDialog } from "@/pages/tables/RenameDialog";

/** What can be done to a table as a whole. */
export function TableActions({ table }: { table: Table }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"import" | "rename" | "delete">();
  const close = (): void => setOpen(undefined);

  const rename = async (newTableName: string): Promise<void> => {
    await changeTable(table.name, { renameTable: { newTableName } });
    toast("ok", `The table is called ${newTableName} now.`);
    await queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey });
    await navigate({ to: "/tables/$table", params: { table: newTableName }, replace: true });
  };
  const remove = async (): Promise<void> => {
    await deleteTable(table.name);
    toast("ok", `Table ${table.name} is deleted.`);
    await navigate({ to: "/tables" });
    await queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey });
  };
  return (
    <>
      <Button onClick={() => setOpen("import")}>
        <FileUp aria-hidden /> Import
      </Button>
      <ExportMenu table={table.name} />
      <Menu
        trigger={
          <IconButton label="More actions">
            <Ellipsis />
          </IconButton>
        }
        items={[
          { label: "Rename table", icon: <Pencil aria-hidden />, onSelect: () => setOpen("rename") },
          { label: "Delete table", icon: <Trash2 aria-hidden />, danger: true, onSelect: () => setOpen("delete") },
        ]}
      />
      <ImportDialog table={table} open={open === "import"} onOpenChange={(isOpen) => !isOpen && close()} />
      <RenameDialog
        open={open === "rename"}
        onOpenChange={(isOpen) => !isOpen && close()}
        title={`Rename ${table.name}`}
        current={table.name}
        warning="Clients that use the old name get an error from now on."
        onRename={rename}
      />
      <ConfirmDialog
        open={open === "delete"}
        onOpenChange={(isOpen) => !isOpen && close()}
        title={`Delete ${table.name}?`}
        action="Delete table"
        typeToConfirm={table.name}
        onConfirm={remove}
      >
        The table and its {plural(table.recordCount, "row")} are gone for good, and its API with them.
      </ConfirmDialog>
    </>
  );
}
