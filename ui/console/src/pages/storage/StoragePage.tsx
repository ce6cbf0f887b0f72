import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FolderOpen, KeyRound, Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { bucketsQuery } from "@/api/buckets";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { plural } from "@/format/number";
import { useShortcuts } from "@/keyboard/shortcuts";
import { BucketsList } from "@/pages/storage/BucketsList";
import { CreateBucketDialog } from "@/pages/storage/CreateBucketDialog";

export function StoragePage() {
  const navigate = useNavigate();
  const buckets = useQuery(bucketsQuery);
  const [creating, setCreating] = useState(false);
  useShortcuts({ n: () => setCreating(true) });
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden /> New bucket
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Storage"
        detail={buckets.data && <span className="tnum">{plural(buckets.data.length, "bucket")}</span>}
        actions={
          <>
            <Button onClick={() => void navigate({ to: "/storage-policies" })}>
              <ShieldCheck aria-hidden /> Policies
            </Button>
            <Button onClick={() => void navigate({ to: "/access-keys" })}>
              <KeyRound aria-hidden /> Access keys
            </Button>
            {create}
          </>
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        {buckets.isPending ? (
          <SkeletonRows label="Loading the buckets" />
        ) : buckets.isError ? (
          <ErrorState title="The buckets could not be read" error={buckets.error} onRetry={() => void buckets.refetch()} />
        ) : buckets.data.length === 0 ? (
          <EmptyState icon={FolderOpen} title="No buckets yet" actions={create}>
            A bucket holds files. A public one serves them to anyone who has the address; a private one asks who is calling.
          </EmptyState>
        ) : (
          <BucketsList buckets={buckets.data} />
        )}
      </div>
      <CreateBucketDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}
