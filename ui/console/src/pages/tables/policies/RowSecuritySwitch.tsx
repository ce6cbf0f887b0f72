import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { messageOf } from "@/api/client";
import { setRowSecurity, type Table } from "@/api/tables";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Switch } from "@/components/Switch";
import { toast } from "@/components/toasts";
import { useTableChanged } from "@/pages/tables/use-table-changed";

/** Turns row security on at once, and off only after a warning. */
export function RowSecuritySwitch({ table }: { table: Table }) {
  const id = useId();
  const changed = useTableChanged(table);
  const [warned, setWarned] = useState(false);
  const set = async (on: boolean): Promise<void> => {
    await setRowSecurity(table.name, on);
    await changed(on ? "Row security is on: only policies let clients in." : "Row security is off: every client reaches every row.");
  };
  const turnOn = useMutation({ mutationFn: () => set(true), onError: (error) => toast("bad", messageOf(error)) });
  return (
    <span className="flex items-center gap-2">
      <Switch
        id={id}
        checked={turnOn.isPending || table.rowSecurity}
        disabled={turnOn.isPending}
        onCheckedChange={(on) => (on ? turnOn.mutate() : setWarned(true))}
      />
      <label htmlFor={id}>Row security</label>
      <ConfirmDialog
        open={warned}
        onOpenChange={setWarned}
        title={`Turn row security off for ${table.name}?`}
        action="Turn off"
        typeToConfirm={table.name}
        onConfirm={() => set(false)}
      >
        Anyone who has the anon key, which every web page that uses this server shows, can then read, change and delete every row. The
        policies stay, but nobody asks them.
      </ConfirmDialog>
    </span>
  );
}
