import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { dropStoragePolicy, saveStoragePolicy, storagePoliciesQuery } from "@/api/storage-policies";
import type { Policy } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Notice } from "@/components/Notice";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { toast } from "@/components/toasts";
import { STORAGE_TEMPLATES } from "@/pages/storage/policies/templates";
import { AccessTable } from "@/pages/tables/policies/AccessTable";
import { PolicyDialog } from "@/pages/tables/policies/PolicyDialog";
import { PolicyList } from "@/pages/tables/policies/PolicyList";

const WORDS = { all: "every file", some: "some files", none: "nothing" };

/** Who may reach which file: policies of `storage.objects`. */
export function StoragePoliciesPage() {
  const queryClient = useQueryClient();
  const query = useQuery(storagePoliciesQuery);
  const [editing, setEditing] = useState<Policy | "new">();
  const [dropping, setDropping] = useState<Policy>();
  const changed = async (message: string): Promise<void> => {
    toast("ok", message);
    await queryClient.invalidateQueries({ queryKey: storagePoliciesQuery.queryKey });
  };
  const add = (
    <Button variant="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden /> Add policy
    </Button>
  );
  const found = query.data;
  return (
    <>
      <PageHeader
        title={
          <>
            <Link to="/storage" className="text-muted hover:text-ink font-normal">
              Storage
            </Link>
            <span aria-hidden className="text-faint font-normal">
              /
            </span>
            <span>Policies</span>
          </>
        }
        actions={found && found.policies.length > 0 && add}
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        {query.isPending ? (
          <SkeletonRows label="Loading the policies" />
        ) : !found ? (
          <ErrorState title="The policies could not be read" error={query.error} onRetry={() => void query.refetch()} />
        ) : found.policies.length === 0 ? (
          <EmptyState icon={ShieldCheck} title="No policies" actions={add}>
            People reach the files they uploaded, and everybody those of public buckets. The first policy takes the place of that rule.
          </EmptyState>
        ) : (
          <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4 sm:p-6">
            {found.inForce ? (
              <Notice tone="info">
                These policies decide in place of the rule that people reach what they uploaded. Public buckets are read by everybody all
                the same.
              </Notice>
            ) : (
              <Notice tone="warn">SQL switched these policies off: people reach the files they uploaded. Saving one switches them on.</Notice>
            )}
            {found.inForce && <AccessTable table={{ rowSecurity: true, policies: found.policies }} words={WORDS} />}
            <PolicyList policies={found.policies} onEdit={setEditing} onDrop={setDropping} />
          </div>
        )}
      </div>
      <PolicyDialog
        of="files"
        templates={STORAGE_TEMPLATES}
        example="uploaded_by = auth.jwt()->>'sub'"
        editing={editing}
        onClose={() => setEditing(undefined)}
        save={saveStoragePolicy}
        onSaved={(name) => changed(`Policy ${name} is in force.`)}
      />
      <ConfirmDialog
        open={dropping !== undefined}
        onOpenChange={(open) => !open && setDropping(undefined)}
        title={`Drop the policy ${dropping?.name ?? ""}?`}
        action="Drop policy"
        onConfirm={async () => {
          if (!dropping) return;
          await dropStoragePolicy(dropping.name);
          await changed(`Policy ${dropping.name} is dropped.`);
        }}
      >
        {found?.policies.length === 1
          ? "It is the last one: people reach the files they uploaded again, and no others."
          : dropping?.permissive === false
            ? "Clients reach the files that it alone kept from them, at once."
            : "Clients lose the access that it alone gave them, at once."}
      </ConfirmDialog>
    </>
  );
}
