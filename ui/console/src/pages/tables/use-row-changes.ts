import { useQueryClient } from "@tanstack/react-query";
import { deleteRows, insertRow, type RecordsPage, type Row, updateRow } from "@/api/records";
import { keysOf, type Table, tableQuery, tablesQuery } from "@/api/tables";
import { toast } from "@/components/toasts";
import { plural } from "@/format/number";
import { rowId } from "@/pages/tables/grid/row-id";

export interface RowChanges {
  /** The primary key's columns; without any, rows cannot be named and so not changed. */
  keys: string[];
  insert: (row: Row) => Promise<void>;
  update: (row: Row, change: Row) => Promise<void>;
  remove: (rows: Row[]) => Promise<void>;
}

/** Writes to a table's rows, and keeps what is shown in step. */
export function useRowChanges(table: Table): RowChanges {
  const queryClient = useQueryClient();
  const keys = keysOf(table);
  const counted = async (): Promise<void> => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ["records", table.name] }),
      queryClient.invalidateQueries({ queryKey: tableQuery(table.name).queryKey }),
      queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey }),
    ]);
  };
  return {
    keys,
    insert: async (row) => {
      await insertRow(table.name, row);
      toast("ok", "The row is inserted.");
      await counted();
    },
    update: async (row, change) => {
      const stored = await updateRow(table.name, keys, row, change);
      if (!stored) throw new Error("The row no longer exists. Somebody else may have deleted it.");
      const id = rowId(row, keys);
      // The row is replaced where it stands; sorting it away under the cursor would lose the reader's place.
      queryClient.setQueriesData<RecordsPage>({ queryKey: ["records", table.name] }, (page) =>
        page ? { ...page, rows: page.rows.map((held) => (rowId(held, keys) === id ? stored : held)) } : page,
      );
    },
    remove: async (rows) => {
      await deleteRows(table.name, keys, rows);
      toast("ok", `${plural(rows.length, "row")} deleted.`);
      await counted();
    },
  };
}
