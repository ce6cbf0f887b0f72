import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { type AccessKey, accessKeysQuery, type MadeKey, revokeAccessKey } from "@/api/access-keys";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Notice } from "@/components/Notice";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { toast } from "@/components/toasts";
import { useShortcuts } from "@/keyboard/shortcuts";
import { AccessKeysList } from "@/pages/access-keys/AccessKeysList";
import { ClientSetup } from "@/pages/access-keys/ClientSetup";
import { CreateKeyDialog } from "@/pages/access-keys/CreateKeyDialog";
import { MadeKeyNotice } from "@/pages/access-keys/MadeKeyNotice";

export function AccessKeysPage() {
  const queryClient = useQueryClient();
  const access = useQuery(accessKeysQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<MadeKey>();
  const [revoking, setRevoking] = useState<AccessKey>();
  useShortcuts({ n: () => setCreating(true) });
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: accessKeysQuery.queryKey });
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden /> New access key
    </Button>
  );
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
            Access keys
          </>
        }
        actions={create}
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        {access.isPending ? (
          <SkeletonRows label="Loading the access keys" />
        ) : access.isError ? (
          <ErrorState title="The access keys could not be read" error={access.error} onRetry={() => void access.refetch()} />
        ) : (
          <div className="mx-auto flex max-w-5xl flex-col gap-6 p-4 sm:p-6">
            {made && <MadeKeyNotice made={made} onDone={() => setMade(undefined)} />}
            {access.data.keys.length === 0 ? (
              <EmptyState icon={KeyRound} title="No access keys" actions={create}>
                With an access key, programs that speak S3 read and write every bucket of this server.
              </EmptyState>
            ) : (
              <AccessKeysList keys={access.data.keys} onRevoke={setRevoking} />
            )}
            {access.data.endpoint === null ? (
              <Notice tone="warn">The app that serves the S3 gateway is not running, so these keys open nothing at the moment.</Notice>
            ) : (
              <ClientSetup endpoint={access.data.endpoint} region={access.data.region} made={made} />
            )}
          </div>
        )}
      </div>
      <CreateKeyDialog
        open={creating}
        onOpenChange={setCreating}
        onMade={async (key) => {
          setMade(key);
          await refresh();
        }}
      />
      <ConfirmDialog
        open={revoking !== undefined}
        onOpenChange={(open) => !open && setRevoking(undefined)}
        title="Revoke this access key?"
        action="Revoke key"
        onConfirm={async () => {
          if (!revoking) return;
          await revokeAccessKey(revoking.id);
          if (made?.id === revoking.id) setMade(undefined);
          toast("ok", "The key is revoked.");
          await refresh();
        }}
      >
        Programs that use <span className="font-mono wrap-anywhere">{revoking?.accessKeyId}</span> are refused from now on. It cannot be brought back.
      </ConfirmDialog>
    </>
  );
}
