import { Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { addPolicy, deletePolicy, type Policy, replacePolicy, type Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { Notice } from "@/components/Notice";
import { AccessTable } from "@/pages/tables/policies/AccessTable";
import { PolicyDialog } from "@/pages/tables/policies/PolicyDialog";
import { PolicyList } from "@/pages/tables/policies/PolicyList";
import { RowSecuritySwitch } from "@/pages/tables/policies/RowSecuritySwitch";
import { templatesFor } from "@/pages/tables/policies/templates";
import { useTableChanged } from "@/pages/tables/use-table-changed";

export function PoliciesTab({ table }: { table: Table }) {
  const changed = useTableChanged(table);
  const [editing, setEditing] = useState<Policy | "new">();
  const [dropping, setDropping] = useState<Policy>();
  const add = (
    <Button variant="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden /> Add policy
    </Button>
  );
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4 sm:p-6">
      <div className="flex min-h-8 items-center justify-between gap-3">
        <RowSecuritySwitch table={table} />
        {table.policies.length > 0 && add}
      </div>
      {!table.rowSecurity ? (
        <Notice tone="warn">
          This table is open: anyone with the anon key can read, insert, change and delete every row, and the policies below are not asked.
        </Notice>
      ) : table.policies.length === 0 ? (
        <Notice tone="info">
          No policy lets anybody in: clients see an empty table and cannot write. Servers with the API key reach every row.
        </Notice>
      ) : null}
      <AccessTable table={table} />
      {table.policies.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No policies" actions={add}>
          {table.rowSecurity ? "A policy says who may do what with which rows." : "Policies take effect once row security is on."}
        </EmptyState>
      ) : (
        <PolicyList policies={table.policies} onEdit={setEditing} onDrop={setDropping} />
      )}
      <PolicyDialog
        of={table.name}
        templates={templatesFor(table)}
        example="user_id = auth.uid()"
        editing={editing}
        onClose={() => setEditing(undefined)}
        save={(policy, old) => (old === undefined ? addPolicy(table.name, policy) : replacePolicy(table.name, old, policy))}
        onSaved={(name) => changed(`Policy ${name} is in force.`)}
      />
      <ConfirmDialog
        open={dropping !== undefined}
        onOpenChange={(open) => !open && setDropping(undefined)}
        title={`Drop the policy ${dropping?.name ?? ""}?`}
        action="Drop policy"
        onConfirm={async () => {
          if (!dropping) return;
          await deletePolicy(table.name, dropping.name);
          await changed(`Policy ${dropping.name} is dropped.`);
        }}
      >
        {dropping?.permissive === false
          ? "Clients reach the rows that it alone kept from them, at once."
          : "Clients lose the access that it alone gave them, at once."}
      </ConfirmDialog>
    </div>
  );
}
