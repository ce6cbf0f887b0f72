import { useQueryClient } from "@tanstack/react-query";
import { Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { deletePolicy, type Policy, type Table, tableQuery, tablesQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { Notice } from "@/components/Notice";
import { toast } from "@/components/toasts";
import { AddPolicyDialog } from "@/pages/tables/policies/AddPolicyDialog";
import { PolicyCard } from "@/pages/tables/policies/PolicyCard";

export function PoliciesTab({ table }: { table: Table }) {
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [dropping, setDropping] = useState<Policy>();
  const changed = async (message: string): Promise<void> => {
    toast("ok", message);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: tableQuery(table.name).queryKey }),
      queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey }),
    ]);
  };
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden /> Add policy
    </Button>
  );
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4 sm:p-6">
      {table.rowSecurity ? (
        <Notice tone="info">
          Row security is on: a client sees and changes only what a policy allows. Servers with the API key pass every policy.
        </Notice>
      ) : (
        <Notice tone="warn">
          Row security is off: every client with the anon key can read and write every row, and the policies below are not asked.
        </Notice>
      )}
      {table.policies.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No policies" actions={add}>
          {table.rowSecurity
            ? "Until there is one, only servers with the API key reach these rows."
            : "They take effect once row security is on."}
        </EmptyState>
      ) : (
        <>
          <div className="flex justify-end">{add}</div>
          <ul className="flex flex-col gap-3">
            {table.policies.map((policy) => (
              <PolicyCard key={policy.name} policy={policy} onDrop={() => setDropping(policy)} />
            ))}
          </ul>
        </>
      )}
      <AddPolicyDialog
        table={table}
        open={adding}
        onOpenChange={setAdding}
        onAdded={(name) => changed(`Policy ${name} is in force.`)}
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
        Clients lose the access that it alone gave them, at once.
      </ConfirmDialog>
    </div>
  );
}
