import { useQueryClient } from "@tanstack/react-query";
import { findingsQuery } from "@/api/advisor";
import { type Table, tablesQuery } from "@/api/tables";
import { toast } from "@/components/toasts";

/** Says what was changed, and reads again whatever may show it. */
export function useTableChanged(table: Table): (message: string) => Promise<void> {
  const queryClient = useQueryClient();
  return async (message) => {
    toast("ok", message);
    await Promise.all([
      // A relation shows on both of its tables.
      queryClient.invalidateQueries({ queryKey: ["table"] }),
      queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: findingsQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: ["records", table.name] }),
    ]);
  };
}
